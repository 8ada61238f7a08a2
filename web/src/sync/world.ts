/** What `sync/` uses of the machine it runs on: time, chance, other tabs, the page. */

import { exclusively } from "../net/locks";

export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs it after a while, unless called off. */
  after(ms: number, work: () => void): () => void;
  /** Runs it once no other tab holds the lock, and holds it until released. */
  hold(lock: string, work: () => void): () => void;
  exclusively<T>(lock: string, work: () => Promise<T>): Promise<T>;
  channel: Pick<BroadcastChannel, "postMessage" | "onmessage">;
  isVisible(): boolean;
  onVisibility(work: () => void): () => void;
  /** In bytes. */
  storageUsed(): Promise<number>;
  /** Asks that what is kept is not thrown away when space is short. */
  persist(): void;
}

export function browserWorld(): World {
  const channel = new BroadcastChannel("nc");
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    hold(lock, work) {
      const released = new AbortController();
      const { signal } = released;
      const held = () =>
        new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve());
          work();
        });
      // Refused only when released before it was granted.
      if (isSecureContext) navigator.locks.request(lock, { signal }, held).catch(() => {});
      else work();
      return () => released.abort();
    },
    exclusively,
    channel,
    isVisible: () => document.visibilityState === "visible",
    onVisibility(work) {
      document.addEventListener("visibilitychange", work);
      return () => document.removeEventListener("visibilitychange", work);
    },
    storageUsed: async () => (await navigator.storage?.estimate())?.usage ?? 0,
    persist: () => void navigator.storage?.persist().catch(() => {}),
  };
}
