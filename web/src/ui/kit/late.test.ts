import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patience } from "./late";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** When it shows and goes again, for a wait of so many milliseconds each, with pauses between them. */
function shows(...waits: { on: number; off: number }[]): string[] {
  const told: string[] = [];
  const start = Date.now();
  const it = patience((isShown) => told.push(`${isShown ? "on" : "off"} ${Date.now() - start}`), 150, 300);
  for (const { on, off } of waits) {
    it.turn(true);
    vi.advanceTimersByTime(on);
    it.turn(false);
    vi.advanceTimersByTime(off);
  }
  return told;
}

test("what is quick shows no waiting", () => {
  expect(shows({ on: 149, off: 1_000 })).toEqual([]);
});

test("waiting that shows stays for long enough to be seen", () => {
  expect(shows({ on: 151, off: 1_000 })).toEqual(["on 150", "off 450"]);
  expect(shows({ on: 449, off: 1_000 })).toEqual(["on 150", "off 450"]);
});

test("what has been seen for long enough goes at once", () => {
  expect(shows({ on: 800, off: 1 })).toEqual(["on 150", "off 800"]);
});

test("waiting that goes on again has never gone", () => {
  expect(shows({ on: 200, off: 100 }, { on: 400, off: 1_000 })).toEqual(["on 150", "off 700"]);
});

test("a screen that is left hears nothing of it", () => {
  const show = vi.fn();
  const it = patience(show, 150, 300);
  it.turn(true);
  it.stop();
  vi.advanceTimersByTime(1_000);
  expect(show).not.toHaveBeenCalled();
});
