import { type RefObject, useEffect } from "react";

const STOPS = "a[href], button, input, textarea, select";

/** What scrolls and holds nothing to go to is a stop itself: else some browsers' keys can't scroll it. */
export function useScrollStop(element: RefObject<HTMLElement | null>): void {
  // After each drawing: what it holds may have become longer.
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const look = () => {
      const isStop = current.scrollHeight > current.clientHeight && !current.querySelector(STOPS);
      if (isStop) current.tabIndex = 0;
      else current.removeAttribute("tabindex");
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  });
}
