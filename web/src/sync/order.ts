/** The order of the chat list: pinned first, then by last activity. */

import type { ChatId, Timestamp } from "../wire";
import type { ChatEntry, Pending } from "./model";

/** When something was last said or written in a chat: its place in the list, and the time in its row. */
export function lastActiveAt(entry: ChatEntry, outbox: readonly Pending[] | undefined): Timestamp {
  const written = outbox?.at(-1)?.createdAt ?? "";
  return compare(written, entry.activeAt) > 0 ? written : entry.activeAt;
}

/** The same array as before when nothing moved, so that the list need not look. */
export function orderOf(
  chats: Readonly<Record<ChatId, ChatEntry>>,
  outbox: Readonly<Record<ChatId, readonly Pending[]>>,
  before: readonly ChatId[],
): readonly ChatId[] {
  const keys = Object.values(chats).map((entry) => ({
    id: entry.chat.id,
    isPinned: entry.chat.me.pinned,
    activeAt: lastActiveAt(entry, outbox[entry.chat.id]),
  }));
  keys.sort(
    (a, b) =>
      Number(b.isPinned) - Number(a.isPinned) || compare(b.activeAt, a.activeAt) || compare(a.id, b.id),
  );
  const order = keys.map((key) => key.id);
  const isSame = order.length === before.length && order.every((id, at) => id === before[at]);
  return isSame ? before : order;
}

/** RFC 3339 in UTC with milliseconds sorts as text. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
