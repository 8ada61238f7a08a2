/** What a search needs of messages on disk, without the rest of them. */

import * as v from "valibot";
import type { ChatId, Message } from "../wire";
import type { Schema } from "../wire/schemas";
import { current, inChat } from "./messages";
import { checkAll } from "./rows";
import type { Database } from "./schema";

export type Text = Pick<
  Message,
  "id" | "chatId" | "seq" | "rev" | "type" | "senderId" | "createdAt" | "content" | "deletedAt" | "expiresAt"
>;

export type Place = Pick<Message, "chatId" | "seq">;

const time = v.optional(v.nullable(v.string()), null);
const text: Schema<Text> = v.object({
  id: v.string(),
  chatId: v.string(),
  seq: v.number(),
  rev: v.number(),
  type: v.custom<Message["type"]>((it) => typeof it === "string"),
  senderId: v.string(),
  createdAt: v.string(),
  content: v.string(),
  deletedAt: time,
  expiresAt: time,
});

export async function textsOf(db: Database, chat: ChatId): Promise<Text[]> {
  return checkAll(text, await inChat(db, chat).toArray());
}

/** Those of them that are still there, as they are now. */
export async function messagesOf(db: Database, texts: readonly Place[]): Promise<Message[]> {
  const rows = await db.messages.bulkGet(texts.map(({ chatId, seq }) => [chatId, seq]));
  return current(rows.filter((row) => row !== undefined));
}
