/** One database per account. Nothing here knows the network; `sync/` decides what is kept. */

import { Dexie, type EntityTable, type Table } from "dexie";
import type { ChatId, UserId } from "../wire";
import { PREFIX } from "./leftovers";

/** Rows are checked when they are read: an older version, or a person, may have written them. */
export type Row = Record<string, unknown>;

/** All messages of these `seq` are on disk, or hidden from the user. */
export interface Range {
  chatId: ChatId;
  fromSeq: number;
  toSeq: number;
}

export type Database = Dexie & {
  meta: EntityTable<{ k: string; value: unknown }, "k">;
  chats: Table<Row, string>;
  users: Table<Row, string>;
  messages: Table<Row, [ChatId, number]>;
  ranges: Table<Range, [ChatId, number]>;
  outbox: Table<Row, string>;
  wishes: Table<Row, string>;
  drafts: Table<Row, string>;
};

export function databaseOf(user: UserId): Database {
  const database = new Dexie(PREFIX + user, { chromeTransactionDurability: "strict" }) as Database;
  database.version(1).stores({
    meta: "k",
    chats: "id",
    users: "id",
    messages: "[chatId+seq], id",
    ranges: "[chatId+fromSeq]",
    outbox: "clientId",
    drafts: "chatId",
  });
  database.version(2).stores({ wishes: "key" });
  return database;
}
