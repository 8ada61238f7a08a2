/** What somebody is likely to open is on the device before they do, and at hand: with no network, and at once. */

import type { Engine } from "./engine";
import type { History } from "./history";

const CHATS = 10;
/** After what the screen itself asks for. */
const PATIENCE_MS = 3_000;

export interface Warmer {
  connected(): void;
}

export function createWarmer({ core, world, isOnline, onStop }: Engine, history: History): Warmer {
  let cancel = () => {};
  let isRunning = false;

  /** One chat after the other, the latest first; what is not to be had now is not missed. */
  async function run() {
    if (isRunning) return;
    isRunning = true;
    const { order, chats } = core.store.getState();
    const recent = order
      .flatMap((id) => chats[id] ?? [])
      .filter((entry) => !entry.chat.me.archived)
      .toSorted((a, b) => (a.activeAt < b.activeAt ? 1 : -1));
    for (const { chat } of recent.slice(0, CHATS)) {
      if (!isOnline()) break;
      await history.warm(chat.id).catch(() => {});
      await history.foresee(chat.id).catch(() => {});
    }
    isRunning = false;
  }

  onStop(() => cancel());
  return {
    connected() {
      cancel();
      cancel = world.after(PATIENCE_MS, () => void run());
    },
  };
}
