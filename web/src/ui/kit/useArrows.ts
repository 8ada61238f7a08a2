import type { KeyboardEvent, RefObject } from "react";

/**
 * Arrow keys, Home and End go through the rows of lists as if they were one, and down into them
 * from the box above.
 */
export function useArrows(lists: RefObject<HTMLElement | null>) {
  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // A dialog that a row has opened has keys of its own.
    if (dialogOf(event.target) !== dialogOf(event.currentTarget)) return;
    const rows = [...(lists.current?.querySelectorAll("li") ?? [])];
    const stops = rows.flatMap((row) => row.querySelector<HTMLElement>("a, button") ?? []);
    const row = document.activeElement?.closest("li");
    const at = stops.findIndex((stop) => row?.contains(stop));
    const box = event.currentTarget.querySelector("input");
    const to = destination(event.key, at, stops.length);
    const next = to === -1 ? box : stops[to ?? stops.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
}

function dialogOf(target: EventTarget): Element | null {
  return target instanceof Element ? target.closest("dialog") : null;
}

/** `-1`: the box. In it, Home and End are for its text. */
function destination(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at < 0 ? null : at - 1;
    case "Home":
      return at < 0 ? null : 0;
    case "End":
      return at < 0 ? null : count - 1;
    default:
      return null;
  }
}
