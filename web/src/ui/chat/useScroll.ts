/**
 * Where the list of messages stands and why it moves: it stays where its reader is, unless they are
 * at its end, go somewhere, or send something.
 */

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Timeline } from "../../sync/model";
import { rangeWith } from "../kit/rangeWith";
import { keepAnchor } from "./anchors";
import { type Goal, goalIndex, topRow } from "./goal";
import { estimateHeight, type Measures, measuresIn } from "./heights";
import type { Row } from "./rows";
import { settle } from "./settle";
import { useMissed } from "./useMissed";

export type List = Virtualizer<HTMLDivElement, HTMLElement>;

interface Input {
  scroller: RefObject<HTMLDivElement | null>;
  timeline: Timeline;
  rows: readonly Row[];
  me: string;
  isGroup: boolean;
  /** Where to begin. */
  goal: Goal;
  /** Rows that must stay although they are out of sight, because they have the focus. */
  keptIndex: number;
}

/** Nearer to the end than this, the reader is at the end. */
const NEAR_END_PX = 48;
/** More than a turn of a wheel brings into sight: rows are measured before they are seen. */
const OVERSCAN = 10;
const HEADROOM_PX = 208;
const FOOTROOM_PX = 12;

export function useScroll(input: Input) {
  const { scroller, timeline, rows, goal, keptIndex } = input;
  // The pane is as wide as the body is, less the list; near enough before it is there.
  const [measures, setMeasures] = useState(() => measuresIn(document.body));
  const isPinned = useRef(goal.kind === "end");
  const wantsEnd = useRef(false);
  const stopSettling = useRef<(() => void) | null>(null);
  const [isFar, setFar] = useState(false);
  const latest = useRef(input);
  latest.current = input;

  const heights = useHeights(input, measures);
  const list: List = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: (index) => heights[index] ?? 0,
    initialOffset: () => offsetOf(goal, rows, heights),
    overscan: OVERSCAN,
    paddingStart: timeline.older === "end" ? FOOTROOM_PX : HEADROOM_PX,
    paddingEnd: FOOTROOM_PX,
    anchorTo: "end",
    scrollEndThreshold: NEAR_END_PX,
    rangeExtractor: rangeWith(keptIndex),
  });

  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const left = element.scrollHeight - element.clientHeight - element.scrollTop;
    const hasAll = latest.current.timeline.newer === "end";
    isPinned.current = hasAll && left <= NEAR_END_PX;
    setFar(!hasAll || left > element.clientHeight);
  }, [scroller]);

  const goTo = useCallback(
    (place: Goal) => {
      stopSettling.current?.();
      const element = scroller.current;
      if (!element) return;
      if (place.kind === "end") list.scrollToEnd();
      else stopSettling.current = settle(list, element, place, () => latest.current.rows);
      look();
      if (place.kind === "end") isPinned.current = true;
    },
    [list, scroller, look],
  );
  const begin = useRef(goal);
  // Once: nothing of it changes, and the rows are there from the first render on.
  useLayoutEffect(() => {
    if (scroller.current) setMeasures(measuresIn(scroller.current));
    goTo(begin.current);
    return () => stopSettling.current?.();
  }, [scroller, goTo]);

  useStayAtEnd(latest, timeline, isPinned, wantsEnd, list, goTo, look);
  useRepin(scroller, isPinned, list);
  useKeepAnchor(latest, isPinned, list);

  /** To what the user has just sent, once it is a row. */
  const toSent = useCallback(() => {
    wantsEnd.current = true;
    if (latest.current.timeline.newer === "end") goTo({ kind: "end" });
  }, [goTo]);

  return { list, isFar, goTo, toSent, look };
}

/** What comes at the end is followed by who is there, and by who sent it; not what came while nobody looked. */
function useStayAtEnd(
  latest: RefObject<Input>,
  { chatId, newer, dividerSeq }: Timeline,
  isPinned: RefObject<boolean>,
  wantsEnd: RefObject<boolean>,
  list: List,
  goTo: (place: Goal) => void,
  look: () => void,
) {
  const { rows } = latest.current;
  const wasAtEnd = useRef(newer === "end");
  const divider = useRef(dividerSeq);
  const isMissed = useMissed(chatId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows are what it waits for
  useLayoutEffect(() => {
    const hasAll = newer === "end";
    const isNewVisit = dividerSeq !== null && dividerSeq !== divider.current;
    divider.current = dividerSeq;
    const isAtEnd = isPinned.current && wasAtEnd.current;
    if (isNewVisit || (isAtEnd && !wantsEnd.current && isMissed(latest.current.timeline))) {
      goTo({ kind: "unread" });
    } else if (hasAll && (wantsEnd.current || isAtEnd)) {
      isPinned.current = true;
      list.scrollToEnd();
    } else {
      // Not now: the browser would lay all of it out once more.
      requestAnimationFrame(look);
    }
    if (hasAll) wantsEnd.current = false;
    wasAtEnd.current = hasAll;
  }, [rows, newer, dividerSeq, latest, list, isPinned, wantsEnd, goTo, look, isMissed]);
}

/** A composer that grows, or a keyboard that opens, takes its room from the list. */
function useRepin(scroller: RefObject<HTMLDivElement | null>, isPinned: RefObject<boolean>, list: List) {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      if (element.clientHeight === height) return;
      height = element.clientHeight;
      if (isPinned.current) list.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, isPinned, list]);
}

function useKeepAnchor(latest: RefObject<Input>, isPinned: RefObject<boolean>, list: List) {
  useLayoutEffect(
    () => () => {
      const { rows, timeline } = latest.current;
      keepAnchor(timeline.chatId, isPinned.current ? null : topRow(list, rows));
    },
    [latest, isPinned, list],
  );
}

/** What each row will probably take. With each message the list asks for all of them: those of before stay. */
function useHeights({ rows, isGroup, me }: Input, measures: Measures): Float64Array {
  const last = useRef<{ rows: readonly Row[]; heights: Float64Array; of: (row: Row) => number } | null>(null);
  const of = useCallback(
    (row: Row) => estimateHeight(row, isGroup && row.kind === "message" && row.senderId !== me, measures),
    [isGroup, me, measures],
  );
  return useMemo(() => {
    const before = last.current?.of === of ? last.current : null;
    const heights = new Float64Array(rows.length);
    rows.forEach((row, at) => {
      heights[at] = before?.rows[at] === row ? (before.heights[at] ?? 0) : of(row);
    });
    last.current = { rows, heights, of };
    return heights;
  }, [rows, of]);
}

/** Near enough for the first frame; the rows are measured in it and the place is corrected. */
function offsetOf(goal: Goal, rows: readonly Row[], heights: Float64Array): number {
  const until = goal.kind === "end" ? rows.length : goalIndex(goal, rows);
  const offset = heights.slice(0, Math.max(0, until)).reduce((sum, height) => sum + height, 0);
  return goal.kind === "row" ? Math.max(0, offset - goal.top) : offset;
}
