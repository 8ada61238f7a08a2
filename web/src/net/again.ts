/** What had no answer is tried again: soon, later seldom, and at once when the network is back. */

import type { Surroundings } from "./session";

/** The server gives a lost answer again for half a minute: by then it has to be asked once more. */
const SOON_MS = 5_000;
const SOON_TIMES = 6;
const LATER_MS = 30_000;

export interface Again {
  plan(work: () => void): void;
  off(): void;
}

export function createAgain(at: Pick<Surroundings, "after" | "whenOnline">): Again {
  let planned: (() => void) | null = null;
  let cancel = () => {};
  let times = 0;

  function drop() {
    cancel();
    planned = null;
  }

  function run() {
    const work = planned;
    drop();
    work?.();
  }

  at.whenOnline(run);

  return {
    plan(work) {
      drop();
      planned = work;
      cancel = at.after(times < SOON_TIMES ? SOON_MS : LATER_MS, run);
      times += 1;
    },
    off() {
      drop();
      times = 0;
    },
  };
}
