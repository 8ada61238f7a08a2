/** Watches the list of messages in each frame: what was where, and whether there was anything at all. */

import type { Page } from "@playwright/test";

export interface Frame {
  /**
   * How far from the top of the list's window each row in sight is, by its key: its upper edge, or
   * its lower one where the upper is out of sight and may be anywhere.
   */
  places: Record<string, number>;
  mounted: number;
  /** The reader was faster than the list: there are rows in sight that were not drawn before. */
  isOutrun: boolean;
  /** How much of the window is covered by rows, from 0 to 1. */
  covered: number;
}

/** Less than this of the window covered is a blank one. */
const BLANK = 0.05;

const CUT = " cut";

interface Recorder {
  frames: Frame[];
  stop: () => void;
}

type Recording = typeof globalThis & { recorder?: Recorder };

/** Records while `doing` runs, and for some frames after it. */
export async function recorded(page: Page, doing: () => Promise<unknown>): Promise<Frame[]> {
  await page.evaluate(startRecording, CUT);
  await doing();
  await page.evaluate(afterFrames, 20);
  return page.evaluate(() => {
    const { recorder } = globalThis as Recording;
    recorder?.stop();
    return recorder?.frames ?? [];
  });
}

/** How far any row that was in sight at first came to be from its place, in pixels. */
export function furthestMove(frames: readonly Frame[]): number {
  const [first, ...rest] = frames;
  let furthest = 0;
  for (const { places } of rest) {
    for (const [key, top] of Object.entries(first?.places ?? {})) {
      const now = places[key];
      if (now !== undefined) furthest = Math.max(furthest, Math.abs(now - top));
    }
  }
  return furthest;
}

/** How far rows went up, although the reader scrolls up; but where new rows in sight find their height. */
export function backwards(frames: readonly Frame[]): number[] {
  const steps: number[] = [];
  for (const [at, { places }] of frames.entries()) {
    if (frames.slice(Math.max(0, at - 2), at + 1).some((frame) => frame.isOutrun)) continue;
    const before = frames[at - 1]?.places ?? {};
    const moves = Object.entries(places).map(([key, place]) => place - (before[key] ?? place));
    const lowest = Math.min(0, ...moves);
    if (lowest < -2) steps.push(lowest);
  }
  return steps;
}

export const mostMounted = (frames: readonly Frame[]) => Math.max(...frames.map((frame) => frame.mounted));
export const blank = (frames: readonly Frame[]) => frames.filter((frame) => frame.covered < BLANK).length;
export const leastCovered = (frames: readonly Frame[]) => Math.min(...frames.map((frame) => frame.covered));

/** Where the topmost whole row in sight is: what a reader comes back to. */
export async function place(page: Page): Promise<{ key: string; top: number }> {
  const [frame] = await recorded(page, async () => {});
  const whole = Object.entries(frame?.places ?? {}).filter(([key]) => !key.endsWith(CUT));
  const [key, top] = whole.sort(([, a], [, b]) => a - b)[0] ?? ["", 0];
  return { key, top };
}

export function fromEnd(page: Page): Promise<number> {
  return page.evaluate(() => {
    const scroller = document.querySelector("ol[aria-label='Messages']")?.parentElement;
    return scroller ? scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop : -1;
  });
}

/** How long each frame took while `doing` ran, in ms, shortest first. */
export async function frameTimes(page: Page, doing: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    const clock = { times, isOn: true };
    Object.assign(globalThis, { clock });
    let last = 0;
    const step = (now: number) => {
      if (last > 0) times.push(now - last);
      last = now;
      if (clock.isOn) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  await doing();
  const times = await page.evaluate(() => {
    const { clock } = globalThis as typeof globalThis & { clock: { times: number[]; isOn: boolean } };
    clock.isOn = false;
    return clock.times;
  });
  return times.toSorted((a, b) => a - b);
}

/** Scrolls up until the message of this number is loaded, as fast as its pages come. */
export function loadBack(page: Page, until: number): Promise<void> {
  return page.getByRole("list", { name: "Messages", exact: true }).evaluate(async (list, seq) => {
    const scroller = list.parentElement;
    const first = () => Number(list.querySelector("[aria-posinset]")?.getAttribute("aria-posinset"));
    while (scroller && first() > seq) {
      scroller.scrollTop = 0;
      await new Promise(requestAnimationFrame);
    }
  }, until);
}

/** No faster than rows can be drawn: those that are drawn in sight may still find their height. */
export async function wheel(page: Page, by: number, times: number): Promise<void> {
  const box = await page.getByRole("main").boundingBox();
  if (!box) throw new Error("there is no chat to scroll");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let time = 0; time < times; time += 1) {
    await page.mouse.wheel(0, by);
    await page.evaluate(afterFrames, 3);
  }
}

function afterFrames(count: number): Promise<void> {
  return new Promise((resolve) => {
    const step = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => step(left - 1)));
    step(count);
  });
}

function startRecording(cut: string): Promise<void> {
  const list = document.querySelector("ol[aria-label='Messages']");
  const scroller = list?.parentElement;
  if (!list || !scroller) throw new Error("no list of messages");
  const frames: Frame[] = [];
  let isOn = true;
  let drawn = new Set<Element>();
  const look = () => {
    const pane = scroller.getBoundingClientRect();
    const places: Record<string, number> = {};
    let covered = 0;
    let isOutrun = false;
    const rows = list.querySelectorAll<HTMLElement>("li[data-key]");
    for (const row of rows) {
      const box = row.getBoundingClientRect();
      const inSight = Math.min(box.bottom, pane.bottom) - Math.max(box.top, pane.top);
      if (inSight <= 0) continue;
      const isCut = box.top < pane.top;
      places[`${row.dataset.key}${isCut ? cut : ""}`] = (isCut ? box.bottom : box.top) - pane.top;
      covered += inSight;
      isOutrun ||= !drawn.has(row);
    }
    drawn = new Set(rows);
    frames.push({ places, mounted: rows.length, isOutrun, covered: covered / pane.height });
  };
  (globalThis as Recording).recorder = {
    frames,
    stop: () => {
      isOn = false;
    },
  };
  return new Promise((resolve) => {
    const step = () => {
      if (!isOn) return;
      look();
      resolve();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
