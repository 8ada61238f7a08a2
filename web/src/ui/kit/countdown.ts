import { useEffect, useState } from "react";
import type { Failure } from "../../sync/model";

/** Seconds until it makes sense to try again; 0 when it does now. */
export function useCountdown(failure: Failure | null): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const until = Date.now() + (failure?.retryAfterMs ?? 0);
    const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1_000));
    setSeconds(left());
    if (left() === 0) return;
    const timer = setInterval(() => {
      setSeconds(left());
      if (left() === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [failure]);
  return seconds;
}
