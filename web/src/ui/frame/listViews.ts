/** How a list was left: what it was narrowed by, and how far down. View state, gone with the session. */

import { type RefObject, useLayoutEffect, useState } from "react";

export type ListName = "chats" | "archived" | "contacts";

interface View {
  filter: string;
  topPx: number;
}

const views = new Map<ListName, View>();

export function viewOf(list: ListName): View {
  return views.get(list) ?? { filter: "", topPx: 0 };
}

export function forgetListViews(): void {
  views.clear();
}

export function useListFilter(list: ListName): [string, (filter: string) => void] {
  const [filter, setFilter] = useState(() => viewOf(list).filter);
  const change = (filter: string) => {
    views.set(list, { ...viewOf(list), filter });
    setFilter(filter);
  };
  return [filter, change];
}

/** Its rows are there from its first render on. */
export function useListPlace(list: ListName, scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = viewOf(list).topPx;
    return () => void views.set(list, { ...viewOf(list), topPx: element.scrollTop });
  }, [list, scroller]);
}
