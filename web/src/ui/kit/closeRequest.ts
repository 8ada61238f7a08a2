import { useEffect, useRef } from "react";

/** What browsers offer to hear the system's "back" by; TypeScript does not know of it yet. */
interface Watcher {
  onclose: (() => void) | null;
  destroy(): void;
}

const shown: (() => void)[] = [];

/** While it is shown, the system's "back" closes this, where the browser lets it, and so does Escape. */
export function useCloseRequest(close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const own = () => latest.current();
    const { CloseWatcher } = globalThis as { CloseWatcher?: new () => Watcher };
    const watcher = CloseWatcher && new CloseWatcher();
    if (watcher) watcher.onclose = own;
    shown.push(own);
    return () => {
      watcher?.destroy();
      shown.splice(shown.indexOf(own), 1);
    };
  }, []);
}

/** Closes what opened last; whether there was anything. */
export function closeLast(): boolean {
  const last = shown.at(-1);
  last?.();
  return last !== undefined;
}
