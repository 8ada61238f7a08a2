/** What of `localStorage` is used. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What the browser keeps for this site, whoever is signed in. */
export const shelf = guarded(() => localStorage);

/**
 * What the browser doesn't take, as it is full or forbids it, is held in memory: for this tab, until
 * it is closed.
 */
export function guarded(own: () => Shelf): Shelf {
  const held = new Map<string, string>();
  return {
    getItem(key) {
      const there = held.get(key);
      if (there !== undefined) return there;
      try {
        return own().getItem(key);
      } catch {
        return null;
      }
    },
    setItem(key, value) {
      held.delete(key);
      try {
        own().setItem(key, value);
      } catch {
        held.set(key, value);
      }
    },
    removeItem(key) {
      held.delete(key);
      try {
        own().removeItem(key);
      } catch {
        // Then it is not there either.
      }
    },
  };
}

/** Whether the browser forbids this site to keep anything. Then it keeps no cookies either. */
export function isForbidden(): boolean {
  try {
    return localStorage === null;
  } catch {
    return true;
  }
}
