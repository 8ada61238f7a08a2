/** Messages on disk, and which runs of them are complete. */

import { Dexie } from "dexie";
import type { Change } from "../sync/account";
import { asOf, hasVanished } from "../sync/expiry";
import type { Run } from "../sync/timeline";
import type { ChatId, Message, MessageId } from "../wire";
import { cover, newest, type Span, sizeOf, spanAt } from "./ranges";
import { check, checkAll, message as messageSchema } from "./rows";
import type { Database, Row } from "./schema";

export const PER_CHAT = 1_000;
/** So that not each message costs a clearing up. */
const SLACK = 100;

/**
 * In the caller's transaction. `isBehind`: another tab knows more of this chat than these changes
 * do, so they may only mend what is there.
 */
export async function writeChanges(
  db: Database,
  chat: ChatId,
  changes: readonly Change[],
  isBehind: boolean,
): Promise<void> {
  let spans = await spansOf(db, chat);
  const before = spans;
  let messages: Message[] = [];
  for (const change of changes) {
    if (change.kind === "message") messages.push(change.message);
    if (change.kind === "covered" && !isBehind) spans = cover(spans, change);
    if (change.kind === "hidden") {
      messages = messages.filter((message) => message.id !== change.messageId);
      await db.messages.where("id").equals(change.messageId).delete();
    }
    if ((change.kind === "reset" && !isBehind) || change.kind === "removed") {
      spans = [];
      messages = [];
      await inChat(db, chat).delete();
    }
  }
  const reached = messages.filter((message) => !isBehind || spanAt(spans, message.seq));
  await putNewer(db, reached);
  if (sizeOf(spans) > PER_CHAT + SLACK) spans = await shorten(db, chat, spans);
  if (spans !== before) await writeSpans(db, chat, spans);
}

async function putNewer(db: Database, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const there = await db.messages.bulkGet(messages.map((message) => [message.chatId, message.seq]));
  const newer = messages.filter((message, at) => {
    const rev = Number(there[at]?.rev);
    // What has disappeared is so before its `rev` says it.
    const isGone = hasVanished(message) && rev === message.rev;
    return isGone || !(rev >= message.rev);
  });
  await db.messages.bulkPut(newer.map((message): Row => ({ ...message })));
}

async function shorten(db: Database, chat: ChatId, spans: readonly Span[]): Promise<Span[]> {
  const kept = newest(spans, PER_CHAT);
  await inChat(db, chat, 0, (kept[0]?.from ?? 1) - 1).delete();
  return kept;
}

export async function spansOf(db: Database, chat: ChatId): Promise<Span[]> {
  const rows = await db.ranges.where("[chatId+fromSeq]").between([chat, Dexie.minKey], [chat, Dexie.maxKey]);
  return (await rows.toArray()).map(({ fromSeq, toSeq }) => ({ from: fromSeq, to: toSeq }));
}

async function writeSpans(db: Database, chat: ChatId, spans: readonly Span[]): Promise<void> {
  await db.ranges.where("[chatId+fromSeq]").between([chat, Dexie.minKey], [chat, Dexie.maxKey]).delete();
  await db.ranges.bulkPut(spans.map(({ from, to }) => ({ chatId: chat, fromSeq: from, toSeq: to })));
}

export function inChat(db: Database, chat: ChatId, from = 0, to = Number.MAX_SAFE_INTEGER) {
  return db.messages.where("[chatId+seq]").between([chat, from], [chat, to], true, true);
}

/** About `limit` messages with `seq` in them, more of them before it; null where it is not covered. */
export async function runAround(db: Database, chat: ChatId, seq: number, limit: number): Promise<Run | null> {
  const older = await runBefore(db, chat, seq + 1, Math.ceil(limit / 2));
  if (!older) return null;
  const newer = await runAfter(db, chat, seq, Math.floor(limit / 2));
  if (!newer) return older;
  return { messages: [...older.messages, ...newer.messages], from: older.from, to: newer.to };
}

/** The run that ends just before `before`. */
export async function runBefore(
  db: Database,
  chat: ChatId,
  before: number,
  limit: number,
): Promise<Run | null> {
  const span = spanAt(await spansOf(db, chat), before - 1);
  if (!span) return null;
  const rows = await inChat(db, chat, span.from, before - 1)
    .reverse()
    .limit(limit)
    .toArray();
  const messages = current(rows).reverse();
  const from = rows.length < limit ? span.from : (messages[0]?.seq ?? before);
  return { messages, from, to: before - 1 };
}

/** The run that begins just after `after`. */
export async function runAfter(
  db: Database,
  chat: ChatId,
  after: number,
  limit: number,
): Promise<Run | null> {
  const span = spanAt(await spansOf(db, chat), after + 1);
  if (!span) return null;
  const rows = await inChat(db, chat, after + 1, span.to)
    .limit(limit)
    .toArray();
  const messages = current(rows);
  const to = rows.length < limit ? span.to : (messages.at(-1)?.seq ?? after);
  return { messages, from: after + 1, to };
}

/** Without what has disappeared since it was written. */
export function current(rows: readonly unknown[]): Message[] {
  return checkAll(messageSchema, rows).map((message) => asOf(message, Date.now()));
}

export async function findMessage(db: Database, id: MessageId): Promise<Message | null> {
  const message = check(messageSchema, await db.messages.where("id").equals(id).first());
  return message && asOf(message, Date.now());
}
