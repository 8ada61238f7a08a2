/** On disk: what is on its way to the server. Several tabs write it, each as far as it has come. */

import { type Entry, merged } from "../sync/outbox";
import type { Wished } from "../sync/wishes";
import type { ChatId } from "../wire";
import { check, entry as entrySchema, wished as wishedSchema } from "./rows";
import type { Database } from "./schema";

export interface Going {
  entries: readonly Entry[];
  left: readonly Left[];
  wishes: readonly Wished[];
  /** By `key`. */
  leftWishes: readonly string[];
}

/** A message that has arrived, or was discarded: as it was known to whoever says so. */
export type Left = Pick<Entry, "clientId" | "edition" | "isWithdrawn">;

/** In the caller's transaction, which would end if nothing was asked in it for a while. */
export async function writeGoing(db: Database, { entries, left, wishes, leftWishes }: Going): Promise<void> {
  if (entries.length > 0) await putEntries(db, entries);
  if (left.length > 0) await deleteEntries(db, left);
  if (wishes.length > 0) await putWishes(db, wishes);
  if (leftWishes.length > 0) await db.wishes.bulkDelete([...leftWishes]);
}

async function putEntries(db: Database, entries: readonly Entry[]): Promise<void> {
  const there = await db.outbox.bulkGet(entries.map((entry) => entry.clientId));
  const rows = entries.map((entry, at) => merged(entry, check(entrySchema, there[at]) ?? entry));
  await db.outbox.bulkPut(rows.map((row) => ({ ...row })));
}

/** But for those that another tab has changed since: it knows what is still to be done about them. */
async function deleteEntries(db: Database, left: readonly Left[]): Promise<void> {
  const there = await db.outbox.bulkGet(left.map((entry) => entry.clientId));
  const known = left.filter(({ edition, isWithdrawn }, at) => {
    const row = check(entrySchema, there[at]);
    return !row || (row.edition <= edition && (isWithdrawn || !row.isWithdrawn));
  });
  await db.outbox.bulkDelete(known.map((entry) => entry.clientId));
}

async function putWishes(db: Database, wishes: readonly Wished[]): Promise<void> {
  const there = await db.wishes.bulkGet(wishes.map((wished) => wished.key));
  const rows = wishes.map((wished, at) => {
    const isOut = wished.isOut || Boolean(check(wishedSchema, there[at])?.isOut);
    return { ...wished, isOut };
  });
  await db.wishes.bulkPut(rows);
}

export async function forgetGoing(db: Database, chat: ChatId): Promise<void> {
  await db.outbox.filter((row) => row.chatId === chat).delete();
  await db.wishes.filter((row) => row.chatId === chat).delete();
}
