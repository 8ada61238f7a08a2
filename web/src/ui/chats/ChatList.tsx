import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { ChatId } from "../../wire";
import { type ListName, useListPlace, viewOf } from "../frame/listViews";
import { useActions } from "../frame/messenger";
import { rangeWith } from "../kit/rangeWith";
import { ChatRow } from "./ChatRow";
import { useHeldOrder } from "./useHeldOrder";
import { useToday } from "./useToday";

interface Props {
  name: ListName;
  /** Its accessible name. */
  label: string;
  ids: ChatId[];
  current: ChatId | null;
  /** Scrolls away with the chats: on a small screen with large text there is no room to keep it. */
  children?: ReactNode;
}

interface Sight {
  startIndex: number;
  endIndex: number;
}

const ROW_REM = 4.5;
const VIRTUAL_ABOVE = 100;
/** As many as one subscription takes with room for the open chat. */
const MOST_WATCHED = 150;
/** Not every turn of the wheel asks for others. */
const WATCHED_AT_ONCE = 25;

export function ChatList({ name, label, ids: wanted, current, children }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const above = useRef<HTMLDivElement>(null);
  const abovePx = useHeight(above);
  const { ids, holders } = useHeldOrder(wanted);
  const [stop, setStop] = useState<ChatId | null>(null);
  const tabStop = [stop, current, ids[0]].find((id) => id != null && ids.includes(id));
  const today = useToday();
  const isVirtual = ids.length > VIRTUAL_ABOVE;
  // Asked for where it is needed: the browser brings all styles up to date for it.
  const rowPx = isVirtual ? ROW_REM * rootFontPx() : 0;
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    // Also asked when the list becomes this long, which must not move it.
    initialOffset: () => scroller.current?.scrollTop ?? viewOf(name).topPx,
    overscan: 8,
    // Else the Tab key finds no row once it is scrolled away.
    rangeExtractor: rangeWith(tabStop == null ? -1 : ids.indexOf(tabStop)),
    scrollMargin: abovePx,
    enabled: isVirtual,
  });
  useListPlace(name, scroller);
  usePeersWatched(watchedOf(ids, isVirtual ? virtual.range : null));

  const onKeyDown = (event: KeyboardEvent) => {
    const focused = (event.target as HTMLElement).dataset.row;
    const to = focused === undefined ? null : targetOf(event, ids.indexOf(focused), ids.length);
    const id = to === null ? undefined : ids[to];
    if (to === null || id === undefined) return;
    event.preventDefault();
    setStop(id);
    if (isVirtual) virtual.scrollToIndex(to);
    requestAnimationFrame(() => rowOf(scroller.current, id)?.focus());
  };

  const rows = isVirtual ? virtual.getVirtualItems().map((item) => item.index) : ids.map((_, at) => at);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain" {...holders}>
      <div ref={above} className="flow-root">
        {children}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys go from row to row */}
      <ul
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of lists without bullets
        role="list"
        aria-label={label}
        onKeyDown={onKeyDown}
        onFocus={(event) => setStop((event.target as HTMLElement).dataset.row ?? stop)}
        className="relative py-1"
        style={isVirtual ? { height: virtual.getTotalSize() } : undefined}
      >
        {rows.map((at) => {
          const id = ids[at];
          if (id === undefined) return null;
          return (
            <ChatRow
              key={id}
              id={id}
              isCurrent={id === current}
              isTabStop={id === tabStop}
              today={today}
              position={at + 1}
              size={ids.length}
              topPx={isVirtual ? at * rowPx : null}
            />
          );
        })}
      </ul>
    </div>
  );
}

function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function useHeight(element: RefObject<HTMLElement | null>): number {
  const [px, setPx] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(() => setPx(current.offsetHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return px;
}

function targetOf({ key, altKey }: KeyboardEvent, at: number, count: number): number | null {
  if (altKey) return null;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

function rowOf(scroller: HTMLElement | null, id: ChatId): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null;
}

/** Those in sight, and then the first ones. */
function watchedOf(ids: readonly ChatId[], sight: Sight | null): readonly ChatId[] {
  const from = Math.floor((sight?.startIndex ?? 0) / WATCHED_AT_ONCE) * WATCHED_AT_ONCE;
  const to = Math.ceil(((sight?.endIndex ?? 0) + 1) / WATCHED_AT_ONCE) * WATCHED_AT_ONCE;
  const first = ids.slice(0, MOST_WATCHED);
  return [...new Set([...ids.slice(from, to), ...first])].slice(0, MOST_WATCHED);
}

function usePeersWatched(ids: readonly ChatId[]): void {
  const actions = useActions();
  // In an order of their own: a chat that rises changes nobody who is watched.
  const watched = ids.toSorted().join();
  useEffect(() => {
    const { chats } = actions.store.getState();
    const peers = watched.split(",").map((id) => chats[id]?.chat.peer?.id);
    actions.watchPresence(
      "chat-list",
      peers.filter((peer) => peer !== undefined),
    );
  }, [actions, watched]);
  useEffect(() => () => actions.watchPresence("chat-list", []), [actions]);
}
