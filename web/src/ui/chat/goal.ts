/** Places in the list that it can be brought to. */

import type { Anchor } from "./anchors";
import type { Row } from "./rows";
import type { List } from "./useScroll";

export type Goal =
  | { kind: "end" }
  /** Where the reader was, to the pixel. */
  | ({ kind: "row" } & Anchor)
  /** The message, or the next after it that is there, a third down. */
  | { kind: "seq"; seq: number }
  | { kind: "unread" };

export function goalIndex(goal: Goal, rows: readonly Row[]): number {
  switch (goal.kind) {
    case "end":
      return rows.length - 1;
    case "row": {
      const index = rows.findIndex((row) => row.key === goal.key);
      return index < 0 ? goalIndex({ kind: "seq", seq: goal.seq }, rows) : index;
    }
    case "unread":
      return rows.findIndex((row) => row.kind === "unread");
    case "seq":
      return rows.findIndex((row) => (seqOf(row) ?? 0) >= goal.seq);
  }
}

export function seqOf(row: Row | undefined): number | null {
  if (row?.kind === "system") return row.message.seq;
  return row?.kind === "message" ? (row.message?.seq ?? null) : null;
}

/** The topmost message in sight, to come back to. */
export function topRow(list: List, rows: readonly Row[]): Anchor | null {
  const offset = list.scrollOffset ?? 0;
  for (const item of list.getVirtualItems()) {
    const row = rows[item.index];
    const seq = seqOf(row);
    if (row && seq !== null && item.end > offset) return { key: row.key, seq, top: item.start - offset };
  }
  return null;
}
