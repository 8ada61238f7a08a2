/** Keeps the browser's offer to install the client until it is welcome. */

import { type Shelf, shelf } from "../net/shelf";
import type { Installation } from ".";

/** What Chromium sends; other browsers have no such offer. */
interface Offer extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

const FIRST_VISIT = "nc-first-visit";
/** Whoever comes back after this long is no first visitor. */
const ACQUAINTED_MS = 60 * 60_000;

export function createInstallation(): Installation {
  const listeners = new Set<() => void>();
  const isKnown = isAcquainted(shelf, Date.now());
  let offer: Offer | null = null;

  function have(next: Offer | null) {
    offer = next;
    for (const listener of listeners) listener();
  }

  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    have(event as Offer);
  });
  addEventListener("appinstalled", () => have(null));

  return {
    isOffered: () => offer !== null && isKnown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async ask() {
      // It can be asked once; the browser makes a new offer if it likes.
      const answer = await offer?.prompt();
      have(null);
      return answer?.outcome === "accepted";
    },
  };
}

export function isAcquainted(shelf: Pick<Shelf, "getItem" | "setItem">, now: number): boolean {
  const first = Number(shelf.getItem(FIRST_VISIT) ?? Number.NaN);
  if (Number.isFinite(first)) return now - first >= ACQUAINTED_MS;
  shelf.setItem(FIRST_VISIT, String(now));
  return false;
}
