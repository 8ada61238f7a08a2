import { type RefObject, useCallback, useEffect, useRef } from "react";
import type { ChatId } from "../../wire";
import { isLookedAt } from "../frame/lookedAt";
import { useActions } from "../frame/messenger";
import { seqOf } from "./goal";
import type { Row } from "./rows";
import type { List } from "./useScroll";

const LOOK_MS = 250;

/**
 * Tells how far the chat was read: by rows at least half of which were in sight for a while, in a
 * tab that is in front and has the focus. Answers what to call when something has moved.
 */
export function useReadReports(
  chatId: ChatId,
  list: List,
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
): () => void {
  const actions = useActions();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(rows);
  latest.current = rows;

  const look = useCallback(() => {
    if (timer.current !== null || !isLookedAt()) return;
    const before = seen(list, latest.current, scroller.current);
    timer.current = setTimeout(() => {
      timer.current = null;
      const now = seen(list, latest.current, scroller.current);
      if (!isLookedAt() || !now) return;
      const stayed = before && before.last >= now.first ? Math.min(before.last, now.last) : null;
      if (stayed !== null) actions.markRead(chatId, stayed);
      // What came into sight meanwhile has its own while to wait.
      if (stayed === null || now.last > stayed) look();
    }, LOOK_MS);
  }, [actions, chatId, list, scroller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows may be in sight at once
  useEffect(look, [look, rows]);
  useEffect(() => {
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    };
  }, [look]);
  return look;
}

function seen(list: List, rows: readonly Row[], element: HTMLElement | null) {
  if (!element) return null;
  const top = element.scrollTop;
  const bottom = top + element.clientHeight;
  let first: number | null = null;
  let last: number | null = null;
  for (const item of list.getVirtualItems()) {
    const seq = seqOf(rows[item.index]);
    if (seq === null) continue;
    const inSight = Math.min(item.end, bottom) - Math.max(item.start, top);
    // Of a message longer than the window, half of the window is enough.
    if (inSight < Math.min(item.size, element.clientHeight) / 2) continue;
    first ??= seq;
    last = seq;
  }
  return first === null || last === null ? null : { first, last };
}
