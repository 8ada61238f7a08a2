import { useEffect, useState } from "react";
import { dayKey } from "../../text/times";

const MINUTE_MS = 60_000;

/** Changes at midnight, also when the machine slept over it. */
export function useToday(): number {
  const [today, setToday] = useState(() => dayKey(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setToday(dayKey(Date.now())), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return today;
}
