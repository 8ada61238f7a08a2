/** What is checked of a row when it comes back from disk. A row that is none is left out. */

import * as v from "valibot";
import type { Room } from "../sync/chat";
import type { Draft, Pending } from "../sync/model";
import type { Entry } from "../sync/outbox";
import type { ChatId, Me, Message, User } from "../wire";
import * as wire from "../wire/schemas";

const seq = v.pipe(v.number(), v.integer(), v.minValue(0));

export const message: wire.Schema<Message> = wire.message;
export const user: wire.Schema<User> = wire.user;
export const me: wire.Schema<Me> = wire.me;

const counted = v.object({ id: v.string(), mentionsMe: v.boolean() });

export interface RoomRow extends Omit<Room, "ahead"> {
  /** The user's own marks are those after this change. */
  userRev: number;
}

export const roomRow: wire.Schema<RoomRow> = v.object({
  userRev: seq,
  chat: wire.chat,
  rev: seq,
  receipts: v.record(v.string(), wire.receipt),
  activeAt: v.string(),
  knownRev: seq,
  infoRev: seq,
  isHearsay: v.boolean(),
  seq,
  tally: v.object({ floor: seq, counted: v.record(v.string(), counted) }),
  isDoubtful: v.boolean(),
  readTold: seq,
  openedAt: v.number(),
});

const failure: wire.Schema<NonNullable<Pending["failure"]>> = v.object({
  code: v.custom<NonNullable<Pending["failure"]>["code"]>((it) => typeof it === "string"),
  message: v.string(),
  isRetryable: v.boolean(),
});

export const entry: wire.Schema<Entry> = v.object({
  clientId: v.pipe(v.string(), v.minLength(1)),
  chatId: v.string(),
  content: v.string(),
  replyTo: v.nullable(v.object({ id: v.string(), senderId: v.string(), preview: v.string() })),
  mentions: v.array(v.string()),
  createdAt: v.string(),
  state: v.picklist(["waiting", "failed"]),
  failure: v.nullable(failure),
  ord: v.number(),
  phase: v.picklist(["new", "queued"]),
  seq: v.nullable(seq),
  tries: v.number(),
  nextAt: v.number(),
  waitingSince: v.number(),
  isKept: v.boolean(),
});

export interface DraftRow extends Draft {
  chatId: ChatId;
  /** What the user's other devices have not been told yet. */
  isUntold: boolean;
}

export const draft: wire.Schema<DraftRow> = v.object({
  chatId: v.string(),
  content: v.string(),
  replyTo: v.nullable(v.string()),
  isUntold: v.boolean(),
});

/** What of an account is none of the chats'. */
export interface AccountRow {
  userRev: number;
  receiptsCursor: string | null;
  isComplete: boolean;
  starred: string[];
  hidden: string[];
}

export const account: wire.Schema<AccountRow> = v.object({
  userRev: seq,
  receiptsCursor: v.nullable(v.string()),
  isComplete: v.boolean(),
  starred: v.array(v.string()),
  hidden: v.array(v.string()),
});

export function check<T>(schema: wire.Schema<T>, row: unknown): T | null {
  const read = v.safeParse(schema, row);
  return read.success ? read.output : null;
}

export function checkAll<T>(schema: wire.Schema<T>, rows: readonly unknown[]): T[] {
  return rows.map((row) => check(schema, row)).filter((row) => row !== null);
}
