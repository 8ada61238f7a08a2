import type { Message } from "../../wire";

/** What stands beside the time, and needs it there. */
export function hasMarks({ pinnedAt, editedAt, deletedAt }: Message): boolean {
  return !deletedAt && Boolean(pinnedAt || editedAt);
}
