import type { KeyboardEvent, RefObject } from "react";

/** Arrow keys go through the results as if they were one list, and down into it from the box. */
export function useArrows(results: RefObject<HTMLElement | null>) {
  return (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0 || event.altKey) return;
    const stops = [...(results.current?.querySelectorAll<HTMLElement>("li a, li button") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + by];
    if (next) next.focus();
    else if (at === 0) event.currentTarget.querySelector("input")?.focus();
    else return;
    event.preventDefault();
  };
}
