/** Chats on disk. Several tabs write them, each as far as it has come. */

import { higher, type Room } from "../sync/chat";
import { check, type RoomRow, roomRow } from "./rows";
import type { Database } from "./schema";

/** In the caller's transaction. */
export async function writeRooms(db: Database, rooms: readonly Room[], userRev: number): Promise<void> {
  if (rooms.length === 0) return;
  const there = await db.chats.bulkGet(rooms.map((room) => room.chat.id));
  const merged = rooms.map(({ ahead: _, ...room }, at) =>
    // Of a chat known by hearsay the marks may be older than all that is known of others.
    merge(check(roomRow, there[at]), { ...room, userRev: room.isHearsay ? 0 : userRev }),
  );
  await db.chats.bulkPut(merged.map((row) => ({ id: row.chat.id, ...row })));
}

/**
 * Of messages and members the higher `rev` counts, of the user's own marks the higher `userRev`, of
 * watermarks the higher each.
 */
function merge(there: RoomRow | null, mine: RoomRow): RoomRow {
  if (!there) return mine;
  const base = there.rev > mine.rev ? there : mine;
  const own = there.userRev > mine.userRev ? there : mine;
  const readSeq = Math.max(there.chat.me.readSeq, mine.chat.me.readSeq);
  const receipts = Object.values(base.receipts).map((receipt) => {
    const other = (base === mine ? there : mine).receipts[receipt.userId];
    return [receipt.userId, higher(other, receipt)] as const;
  });
  return {
    ...base,
    userRev: own.userRev,
    receipts: Object.fromEntries(receipts),
    readTold: Math.max(there.readTold, mine.readTold),
    // Counts of one and marks of the other need not fit together.
    isDoubtful: base.isDoubtful || own !== base,
    chat: { ...base.chat, me: { ...own.chat.me, role: base.chat.me.role, readSeq } },
  };
}
