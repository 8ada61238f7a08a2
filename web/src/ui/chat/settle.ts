/**
 * Brings a row to its place and holds it there while those around it are measured.
 *
 * Each jump is instant: a smooth one would fight with heights that are found on the way.
 */

import { type Goal, goalIndex } from "./goal";
import type { Row } from "./rows";
import type { List } from "./useScroll";

const STEADY_FRAMES = 4;
const MOST_FRAMES = 40;
const TAKEOVER = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/** Answers how to stop it. The reader's own hand stops it too. */
export function settle(list: List, element: HTMLElement, goal: Goal, rows: () => readonly Row[]): () => void {
  let frames = 0;
  let steady = 0;
  let request = 0;
  const stop = () => {
    cancelAnimationFrame(request);
    for (const name of TAKEOVER) element.removeEventListener(name, stop);
  };
  const step = () => {
    const moved = correct(list, element, goal, rows());
    steady = moved ? 0 : steady + 1;
    frames += 1;
    if (steady >= STEADY_FRAMES || frames >= MOST_FRAMES) stop();
    else request = requestAnimationFrame(step);
  };
  for (const name of TAKEOVER) element.addEventListener(name, stop, { passive: true });
  step();
  return stop;
}

function correct(list: List, element: HTMLElement, goal: Goal, rows: readonly Row[]): boolean {
  const index = goalIndex(goal, rows);
  if (index < 0) return false;
  const start = list.getOffsetForIndex(index, "start")?.[0];
  if (start === undefined) return false;
  // The offset is cut at the end of the list, so a row near the end is asked for as it lies.
  const item = list.measurementsCache[index];
  const top = goal.kind === "row" ? goal.top : Math.round(element.clientHeight / 3);
  const furthest = element.scrollHeight - element.clientHeight;
  const wanted = Math.min(Math.max(0, (item?.start ?? start) - top), furthest);
  if (Math.abs(element.scrollTop - wanted) <= 1) return false;
  list.scrollToOffset(wanted);
  return true;
}
