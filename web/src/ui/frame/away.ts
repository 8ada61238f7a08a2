import { useEffect, useState } from "react";
import { useMessenger } from "./messenger";

const PATIENCE_MS = 2_000;

/** Whether the server is out of reach, and long enough to be worth telling. So catching up isn't. */
export function useIsAway(): boolean {
  const since = useMessenger(({ connection }) => ("since" in connection ? connection.since : null));
  const [told, setTold] = useState(() => (since !== null && leftOf(since) <= 0 ? since : null));
  useEffect(() => {
    if (since === null) return;
    const timer = setTimeout(setTold, Math.max(0, leftOf(since)), since);
    return () => clearTimeout(timer);
  }, [since]);
  return since !== null && told === since;
}

function leftOf(since: number): number {
  return since + PATIENCE_MS - Date.now();
}
