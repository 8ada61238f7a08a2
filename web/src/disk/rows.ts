/** What is checked of a row when it comes back from disk. A row that is none is left out. */

import * as v from "valibot";
import type { Room } from "../sync/chat";
import type { Contacts, Draft, EmojiHabits, WhyNot, Wish } from "../sync/model";
import type { Entry } from "../sync/outbox";
import type { Wished } from "../sync/wishes";
import { TONES } from "../text/shortcodes";
import type { ChatId, Me, Message, Settings, User } from "../wire";
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

const failure: wire.Schema<WhyNot> = v.object({
  code: v.custom<WhyNot["code"]>((it) => typeof it === "string"),
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
  // Rows of older versions don't have these. What they hold may have been sent.
  isOut: v.optional(v.boolean(), true),
  isWithdrawn: v.optional(v.boolean(), false),
  edition: v.optional(v.number(), 0),
  id: v.optional(v.nullable(v.string()), null),
});

const on = v.boolean();
const wish: wire.Schema<Wish> = v.variant("kind", [
  v.object({ kind: v.literal("edit"), content: v.string() }),
  v.object({ kind: v.literal("delete") }),
  v.object({ kind: v.literal("hide") }),
  v.object({ kind: v.literal("react"), emoji: v.string(), on }),
  v.object({ kind: v.literal("pin"), on }),
  v.object({ kind: v.literal("star"), on }),
  v.object({
    kind: v.literal("mark"),
    mark: v.variant("name", [
      v.object({ name: v.picklist(["pinned", "archived"]), value: v.boolean() }),
      v.object({ name: v.literal("mutedUntil"), value: v.nullable(v.string()) }),
      v.object({ name: v.literal("unreadFrom"), value: v.nullable(seq) }),
    ]),
  }),
]);

export const wished: wire.Schema<Wished> = v.object({
  key: v.pipe(v.string(), v.minLength(1)),
  chatId: v.string(),
  messageId: v.nullable(v.string()),
  wish,
  at: v.string(),
  state: v.picklist(["waiting", "failed"]),
  failure: v.nullable(failure),
  ord: v.number(),
  isOut: v.boolean(),
  tries: v.number(),
  nextAt: v.number(),
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
  blocked: string[];
  contacts: Contacts;
  settings: Settings | null;
}

export const account: wire.Schema<AccountRow> = v.object({
  userRev: seq,
  receiptsCursor: v.nullable(v.string()),
  isComplete: v.boolean(),
  starred: v.array(v.string()),
  hidden: v.array(v.string()),
  blocked: v.array(v.string()),
  contacts: v.record(v.string(), v.nullable(v.string())),
  settings: v.nullable(wire.settings),
});

export const habits: wire.Schema<EmojiHabits> = v.object({
  recent: v.array(v.string()),
  tone: v.picklist(TONES),
});

export function check<T>(schema: wire.Schema<T>, row: unknown): T | null {
  const read = v.safeParse(schema, row);
  return read.success ? read.output : null;
}

export function checkAll<T>(schema: wire.Schema<T>, rows: readonly unknown[]): T[] {
  return rows.map((row) => check(schema, row)).filter((row) => row !== null);
}
