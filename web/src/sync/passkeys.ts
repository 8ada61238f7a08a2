/** What needs the browser, and an authenticator behind it. */

import { asked, refusal } from "./refusal";

type Browser = typeof import("../net/passkey");

/** Loaded when it is needed: most never do. */
export function byBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  return asked(
    import("../net/passkey").then(work).catch((error) => {
      throw error instanceof DOMException ? refusal(reason(error), error.message) : error;
    }),
  );
}

/** Browsers don't tell whether somebody said no or took too long. */
function reason(error: DOMException) {
  return error.name === "InvalidStateError" ? "conflict" : "called_off";
}
