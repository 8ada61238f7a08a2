import { useEffect, useState } from "react";

const AFTER_MS = 150;
const AT_LEAST_MS = 300;

interface Patience {
  turn: (isOn: boolean) => void;
  stop: () => void;
}

/** Tells to show only what has been on for a while, and what shows then for long enough to be seen. */
export function patience(show: (isShown: boolean) => void, afterMs: number, atLeastMs: number): Patience {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownAt: number | null = null;
  const tell = (isShown: boolean) => {
    shownAt = isShown ? Date.now() : null;
    show(isShown);
  };
  return {
    turn(isOn) {
      clearTimeout(timer);
      const left = shownAt === null ? 0 : shownAt + atLeastMs - Date.now();
      if (isOn && shownAt === null) timer = setTimeout(tell, afterMs, true);
      else if (!isOn && left > 0) timer = setTimeout(tell, left, false);
      else if (!isOn && shownAt !== null) tell(false);
    },
    stop: () => clearTimeout(timer),
  };
}

/** True once `isOn` has been true for a while: what is quick enough shows no waiting at all. */
export function useLate(isOn: boolean, afterMs = AFTER_MS, atLeastMs = 0): boolean {
  const [isLate, setLate] = useState(false);
  const [{ turn, stop }] = useState(() => patience(setLate, afterMs, atLeastMs));
  useEffect(() => turn(isOn), [turn, isOn]);
  useEffect(() => stop, [stop]);
  return isLate && (isOn || atLeastMs > 0);
}

/**
 * True while `isOn`, and a little longer where it took so long that its waiting shows: what only
 * flashes up is worse than what stays for a moment.
 */
export function useWaiting(isOn: boolean): boolean {
  const isLate = useLate(isOn, AFTER_MS, AT_LEAST_MS);
  return isOn || isLate;
}
