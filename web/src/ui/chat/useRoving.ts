import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import type { Row } from "./rows";
import type { List } from "./useScroll";

/** One row of the list can be tabbed to; arrows, Home and End go on from there. */
export function useRoving(rows: readonly Row[]) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const wanted = useRef<string | null>(null);
  const activeIndex = activeKey === null ? -1 : rows.findIndex((row) => row.key === activeKey);

  const move = (list: List, element: HTMLElement, event: KeyboardEvent): boolean => {
    const to = destination(rows, activeIndex, event.key);
    const key = to === null ? undefined : rows[to]?.key;
    if (to === null || key === undefined) return false;
    event.preventDefault();
    wanted.current = key;
    setActiveKey(key);
    list.scrollToIndex(to, { align: "auto" });
    focusRow(element, key);
    return true;
  };

  return {
    activeKey,
    keptIndex: hasFocus ? activeIndex : -1,
    move,
    wanted,
    onFocus: (key: string | null) => {
      setFocus(key !== null);
      if (key !== null) setActiveKey(key);
    },
  };
}

/** A row may only be there after the list has moved to it. */
export function useFocusWanted(
  wanted: { current: string | null },
  element: { current: HTMLElement | null },
): void {
  useLayoutEffect(() => {
    if (wanted.current !== null && element.current && focusRow(element.current, wanted.current)) {
      wanted.current = null;
    }
  });
}

export function focusRow(list: HTMLElement, key: string): boolean {
  const row = list.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  row?.focus({ preventScroll: true });
  return row !== null;
}

const isItem = (row: Row | undefined) => row?.kind === "message" || row?.kind === "system";

function destination(rows: readonly Row[], from: number, key: string): number | null {
  switch (key) {
    case "ArrowUp":
      return step(rows, from < 0 ? rows.length : from, -1);
    case "ArrowDown":
      return step(rows, from, 1);
    case "Home":
      return step(rows, -1, 1);
    case "End":
      return step(rows, rows.length, -1);
    default:
      return null;
  }
}

function step(rows: readonly Row[], from: number, by: 1 | -1): number | null {
  for (let at = from + by; at >= 0 && at < rows.length; at += by) {
    if (isItem(rows[at])) return at;
  }
  return null;
}
