import { type RefObject, useEffect, useRef } from "react";

type Pane = RefObject<HTMLElement | null>;

/**
 * The focus follows the eyes: into the pane that slides in, and back to the row that one came from.
 * A pane that takes it by itself keeps it.
 */
export function usePaneFocus(side: "list" | "main", isWide: boolean, list: Pane, main: Pane): void {
  const seen = useRef(side);
  useEffect(() => {
    if (seen.current === side) return;
    seen.current = side;
    const pane = side === "list" ? list.current : main.current;
    const focused = document.activeElement;
    const isLost = focused === null || focused === document.body;
    if (!pane || pane.contains(focused) || (isWide && !isLost)) return;
    const row = side === "list" ? pane.querySelector<HTMLElement>("[data-row][tabindex='0']") : null;
    (row ?? pane).focus({ preventScroll: true });
  }, [side, isWide, list, main]);
}

/** F6: from one part of the window to the next, round and round. */
export function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => !region.closest("[inert]") && region.checkVisibility(),
  );
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  const inside = next?.querySelector<HTMLElement>(
    "[data-row][tabindex='0'], textarea, [tabindex='0'], fieldset > button",
  );
  (inside ?? next)?.focus();
}
