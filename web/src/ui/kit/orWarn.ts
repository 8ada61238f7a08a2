import { failureOf, wordsFor } from "./failure";
import { warn } from "./toast";

/** What somebody pressed and sees happen, or else is told why it doesn't. */
export function orWarn(work: Promise<unknown>): void {
  work.catch((error) => warn(wordsFor(failureOf(error))));
}
