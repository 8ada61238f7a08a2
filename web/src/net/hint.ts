/**
 * What a page may know of its tokens, which it cannot read: whose they are and how long they last.
 * Shared by all tabs; no secret.
 */

import * as v from "valibot";
import type { UserId } from "../wire";
import type { Shelf } from "./shelf";

export interface Hint {
  userId: UserId;
  /** Milliseconds of this machine's clock. */
  expiresAt: number;
  generation: number;
}

const HINT = "nc_session";
const LEFT = "nc_left";

const schema = v.object({ userId: v.string(), expiresAt: v.number(), generation: v.number() });

export function createHints(shelf: Shelf) {
  const read = (): Hint | null => {
    const text = shelf.getItem(HINT);
    const hint = text === null ? null : v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    return hint?.success ? hint.output : null;
  };
  return {
    read,
    write: (hint: Hint) => shelf.setItem(HINT, JSON.stringify(hint)),
    clear: () => shelf.removeItem(HINT),
    /** Signed out here, while the server could not be told. */
    hasLeft: () => shelf.getItem(LEFT) !== null,
    leave: () => shelf.setItem(LEFT, "1"),
    leftForGood: () => shelf.removeItem(LEFT),
  };
}
