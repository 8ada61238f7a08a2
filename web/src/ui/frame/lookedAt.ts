/** Whether somebody has the page before them, as far as a browser knows. */

import { useEffect, useRef } from "react";
import type { State } from "../../sync/model";
import { useActions } from "./messenger";

export function isVisible(): boolean {
  return document.visibilityState === "visible";
}

/** In front, and with the focus. */
export function isLookedAt(): boolean {
  return isVisible() && document.hasFocus();
}

/** What is to be seen waits for a page that is: calls `tell` then, and as often as what is `picked` changes. */
export function useWhileVisible(picked: (state: State) => unknown, tell: () => void): void {
  const { store } = useActions();
  const latest = useRef({ picked, tell });
  latest.current = { picked, tell };
  useEffect(() => {
    const look = () => {
      if (isVisible()) latest.current.tell();
    };
    look();
    document.addEventListener("visibilitychange", look);
    const stop = store.subscribe((after, before) => {
      if (latest.current.picked(after) !== latest.current.picked(before)) look();
    });
    return () => {
      stop();
      document.removeEventListener("visibilitychange", look);
    };
  }, [store]);
}
