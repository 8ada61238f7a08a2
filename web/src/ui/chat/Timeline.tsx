import "./flash.css";
import { type KeyboardEvent, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Timeline as Loaded } from "../../sync/model";
import type { Message } from "../../wire";
import { useToday } from "../chats/useToday";
import { useActions, useMessenger } from "../frame/messenger";
import { ErrorBoundary } from "../kit/ErrorBoundary";
import { DayLine, UNREAD_ID, UnreadLine } from "./DayLine";
import { EdgeState } from "./EdgeState";
import { FloatingDay } from "./FloatingDay";
import { type Goal, seqOf, topRow } from "./goal";
import { JumpButtons } from "./JumpButtons";
import { BrokenItem, type Frame, MessageItem, type Place, SystemItem } from "./MessageItem";
import type { Row } from "./rows";
import { useMessageKeys, usePendingKeys } from "./useMessageKeys";
import { useNewsAnnounced } from "./useNewsAnnounced";
import { useReadReports } from "./useReadReports";
import { useFocusWanted, useRoving } from "./useRoving";
import { useRows } from "./useRows";
import { useScroll } from "./useScroll";
import { useTarget } from "./useTarget";

export interface TimelineHandle {
  toSent: () => void;
  goTo: (goal: Goal) => void;
  /** Where the reader is now, to come back to. */
  place: () => Goal;
  /** Gives the focus to the newest message. */
  focus: () => void;
}

interface Props {
  timeline: Loaded;
  /** Where to begin; asked for once. */
  goal: Goal;
  isGroup: boolean;
  handle: React.RefObject<TimelineHandle | null>;
}

/** Nearer than this to what is loaded, more of it is asked for. */
const PREFETCH_PX = 800;

/** The messages of the open chat. There are rows from the first render on. */
export function Timeline({ timeline, goal, isGroup, handle }: Props) {
  const { chatId } = timeline;
  const actions = useActions();
  const me = useMessenger((state) => state.me?.id ?? "");
  const lastSeq = useMessenger((state) => state.chats[chatId]?.chat.lastSeq ?? 0);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  // Names of days are other ones after midnight.
  const today = useToday();
  const rows = useRows(chatId, timeline, today);
  const roving = useRoving(rows);
  const scroll = useScroll({ scroller, timeline, rows, me, isGroup, goal, keptIndex: roving.keptIndex });
  const flashingSeq = useTarget(timeline, scroll.goTo, goal);
  const reportRead = useReadReports(chatId, scroll.list, rows, scroller);
  const onMessageKey = useMessageKeys();
  const onPendingKey = usePendingKeys();
  const [day, setDay] = useState<{ time: string; nonce: number } | null>(null);
  useNewsAnnounced(timeline);
  useFocusWanted(roving.wanted, list);

  const { older, newer } = timeline;
  const load = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    if (older === "more" && element.scrollTop < PREFETCH_PX) void actions.loadOlder(chatId);
    if (newer === "more" && below < PREFETCH_PX) void actions.loadNewer(chatId);
  }, [actions, chatId, older, newer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that fills nothing asks for the next
  useEffect(load, [load, rows]);

  useImperativeHandle(handle, () => ({
    toSent: scroll.toSent,
    goTo: scroll.goTo,
    place: () => {
      const top = topRow(scroll.list, rows);
      return top === null ? { kind: "end" } : { kind: "row", ...top };
    },
    focus: () => {
      const last = rows.findLast((row) => seqOf(row) !== null || row.kind === "message");
      if (last) roving.wanted.current = last.key;
      roving.onFocus(last?.key ?? null);
    },
  }));

  const onScroll = () => {
    scroll.look();
    load();
    reportRead();
    const top = scroll.list.getVirtualItemForOffset(scroller.current?.scrollTop ?? 0);
    const first = rows[top?.index ?? 0];
    const time = timeOf(first);
    // There the line itself tells it.
    if (first?.kind === "day") setDay(null);
    else if (time) setDay((shown) => ({ time, nonce: (shown?.nonce ?? 0) + 1 }));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const key = rowKeyAt(event.target);
    if (key === null || event.target !== event.currentTarget.querySelector(":focus")) return;
    if (list.current && roving.move(scroll.list, list.current, event)) return;
    const row = rows.find((other) => other.key === key);
    if (row?.kind !== "message") return;
    if (row.message) onMessageKey(event, row.message);
    else onPendingKey(event, row.pending);
  };

  const items = scroll.list.getVirtualItems();
  const waiting = pendingCount(rows);
  const tabStop = tabStopOf(rows, items, roving.activeKey);
  const firstUnread = rows[rows.findIndex((row) => row.kind === "unread") + 1]?.key;
  return (
    <div className="relative min-h-0 flex-1 short:min-h-32">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows in it */}
      <div
        role="presentation"
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onFocus={(event) => roving.onFocus(rowKeyAt(event.target))}
        onBlur={() => roving.onFocus(null)}
        className="absolute inset-0 overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <EdgeState edge={timeline.older} side="older" onRetry={() => actions.loadOlder(chatId)} />
        <ol
          ref={list}
          // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of lists without bullets
          role="list"
          aria-label={t("chat.messages")}
          className="relative"
          style={{ height: scroll.list.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const frame: Frame = {
              ref: scroll.list.measureElement,
              "data-index": item.index,
              "data-key": row.key,
              className: "group/item absolute inset-x-0 top-0 focus-visible:outline-offset-[-2px]",
              style: { transform: `translateY(${item.start}px)` },
            };
            const seq = seqOf(row);
            const place: Place = {
              frame,
              tabIndex: row.key === tabStop ? 0 : -1,
              position: seq ?? lastSeq + 1 + item.index - (rows.length - waiting),
              size: lastSeq + waiting,
              isFlashing: seq !== null && seq === flashingSeq,
              today,
              describedBy: row.key === firstUnread ? UNREAD_ID : undefined,
            };
            return <RowView key={row.key} row={row} place={place} />;
          })}
        </ol>
        <EdgeState edge={timeline.newer} side="newer" onRetry={() => actions.loadNewer(chatId)} />
      </div>
      <FloatingDay shown={day} />
      <JumpButtons chatId={chatId} timeline={timeline} isFar={scroll.isFar} goTo={scroll.goTo} />
    </div>
  );
}

function RowView({ row, place }: { row: Row; place: Place }) {
  switch (row.kind) {
    case "message":
      return (
        <ErrorBoundary of={row.message ?? row.pending} instead={() => <BrokenItem place={place} />}>
          <MessageItem row={row} place={place} />
        </ErrorBoundary>
      );
    case "system":
      return (
        <ErrorBoundary of={row.message} instead={() => <BrokenItem place={place} />}>
          <SystemItem message={row.message} place={place} />
        </ErrorBoundary>
      );
    case "day":
      return (
        <li {...place.frame} aria-hidden="true">
          <DayLine time={row.time} />
        </li>
      );
    case "unread":
      return (
        <li {...place.frame} aria-hidden="true">
          <UnreadLine />
        </li>
      );
  }
}

/** The row that was last used, if it is there; else the newest in sight. */
function tabStopOf(rows: readonly Row[], items: { index: number }[], active: string | null): string | null {
  let last: string | null = null;
  for (const { index } of items) {
    const row = rows[index];
    if (row?.kind !== "message" && row?.kind !== "system") continue;
    if (row.key === active) return active;
    last = row.key;
  }
  return last;
}

/** What waits stands at the end. */
function pendingCount(rows: readonly Row[]): number {
  let count = 0;
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind === "message" && row.pending) count += 1;
    else if (row?.kind !== "day") break;
  }
  return count;
}

function rowKeyAt(target: EventTarget): string | null {
  const row = target instanceof Element ? target.closest("[data-key]") : null;
  return row?.getAttribute("data-key") ?? null;
}

function timeOf(row: Row | undefined): Message["createdAt"] | null {
  if (row?.kind === "day") return row.time;
  if (row?.kind === "message") return row.message?.createdAt ?? row.pending?.createdAt ?? null;
  return row?.kind === "system" ? row.message.createdAt : null;
}
