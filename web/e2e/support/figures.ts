/** What is measured: printed, never judged, and kept for a table where `FIGURES` names a file. */

import { appendFileSync } from "node:fs";
import type { Page } from "@playwright/test";

export interface Figure {
  what: string;
  figure: number;
  unit: string;
  /** What it should hold, in the words of the table. */
  hold: string;
}

export function tell(what: string, figure: number, unit: string, hold = ""): void {
  const rounded = Number(figure.toFixed(figure < 10 ? 2 : 0));
  console.log(`${what}: ${rounded} ${unit}`);
  const file = process.env.FIGURES;
  if (file)
    appendFileSync(file, `${JSON.stringify({ what, figure: rounded, unit, hold } satisfies Figure)}\n`);
}

/** The value that this part of all values reach at most. */
export function within(part: number, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}

type Timed = typeof globalThis & { shown?: Promise<number> };

/**
 * How many ms go by from the next click to the end of the frame in which a row of a list shows
 * a text.
 */
export async function fromClick(page: Page, list: string, text: string, click: () => Promise<unknown>) {
  await page.evaluate(
    ({ list, text }) => {
      const isThere = () => {
        const rows = document.querySelectorAll(`[aria-label="${list}"] > li`);
        return [...rows].some((row) => row.textContent.includes(text));
      };
      const shown = (begun: number) =>
        new Promise<number>((resolve) => {
          const look = () => {
            if (isThere()) requestAnimationFrame((now) => resolve(now - begun));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        });
      (globalThis as Timed).shown = new Promise((resolve) => {
        const begin = ({ timeStamp }: Event) => resolve(shown(timeStamp));
        addEventListener("click", begin, { capture: true, once: true });
      });
    },
    { list, text },
  );
  await click();
  return page.evaluate(() => (globalThis as Timed).shown ?? Number.NaN);
}

/** How many ms each key takes until the frame after the one that shows its letter. */
export async function fromKeys(page: Page, type: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const waits: number[] = [];
    Object.assign(globalThis, { waits });
    const onKey = ({ timeStamp }: Event) => {
      requestAnimationFrame(() => requestAnimationFrame((now) => waits.push(now - timeStamp)));
    };
    addEventListener("keydown", onKey, { capture: true });
  });
  await type();
  return page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    return (globalThis as typeof globalThis & { waits: number[] }).waits;
  });
}
