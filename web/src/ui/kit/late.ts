import { useEffect, useState } from "react";

/** True once `isOn` has been true for a while: what is quick enough shows no waiting at all. */
export function useLate(isOn: boolean, afterMs = 150): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isOn) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => clearTimeout(timer);
  }, [isOn, afterMs]);
  return isLate && isOn;
}
