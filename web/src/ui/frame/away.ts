import { useLate } from "../kit/late";
import { useMessenger } from "./messenger";

const PATIENCE_MS = 2_000;

/** Whether the server is out of reach, and long enough to be worth telling. So catching up isn't. */
export function useIsAway(): boolean {
  return useLate(
    useMessenger(({ connection }) => "since" in connection),
    PATIENCE_MS,
  );
}
