/**
 * Which tab listens for the browser while nobody looks. Without a push service only a tab with a
 * connection hears of new messages; one of those in the background is enough.
 */

import type { Ears } from "../net/socket";

export type { Ears };

const EARS = "nc-ears";
const EYES = "nc-eyes";

export function createEars(isWanted: () => boolean): Ears {
  let isHeld = false;
  return {
    isWanted,
    isHeld: () => isHeld,
    claim(granted) {
      const release = hold(EARS, "exclusive", () => {
        isHeld = true;
        granted();
      });
      return () => {
        isHeld = false;
        release();
      };
    },
  };
}

/** Somebody looks at this tab, until they don't: others are told, so that they keep quiet. */
export function look(): () => void {
  return hold(EYES, "shared", () => {});
}

/** Whether somebody looks at any tab. */
export async function isLookedAt(): Promise<boolean> {
  if (!("locks" in navigator)) return false;
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === EYES) ?? false;
}

function hold(lock: string, mode: LockMode, granted: () => void): () => void {
  const released = new AbortController();
  const { signal } = released;
  const held = () =>
    new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      granted();
    });
  // Refused only when released before it was granted.
  if ("locks" in navigator) navigator.locks.request(lock, { signal, mode }, held).catch(() => {});
  else granted();
  return () => released.abort();
}
