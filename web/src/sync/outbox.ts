/**
 * Messages on their way to the server, in order per chat. Pure: the courier sends what is due and
 * tells what came of it. Repeats are harmless, because an entry keeps its `clientId`.
 */

import type { ChatId, EventError, Message, MessageId, MsgSend, UserId } from "../wire";
import type { Pending, Wish } from "./model";

export interface Entry extends Pending {
  /** Ascending within the chat. */
  ord: number;
  /** `queued`: acknowledged, and not seen with a `seq` yet. */
  phase: "new" | "queued";
  /** Told by an acknowledgement: the server has it at this place. */
  seq: number | null;
  tries: number;
  /** Not to be sent before; this and the next in milliseconds. */
  nextAt: number;
  waitingSince: number;
  /** On disk, or never to be there: what isn't durable is not sent. */
  isKept: boolean;
  /** It may have reached the server. */
  isOut: boolean;
  /** Discarded by the user: not shown, not sent, and deleted if it has been sent all the same. */
  isWithdrawn: boolean;
  /** Counts how often the text was changed. */
  edition: number;
  /** Told by an acknowledgement, as `seq`. */
  id: MessageId | null;
}

export type Outbox = Readonly<Record<ChatId, readonly Entry[]>>;

export interface Batch {
  chatId: ChatId;
  entries: readonly Entry[];
}

/** The server takes so many in one event. */
const MAX_BATCH = 50;
/** A server may be set to take no more than 16 KiB in one packet. A single message always goes. */
const MAX_BATCH_BYTES = 15_000;
/** So many chats are sent to at once, each its next batch only after the answer to the last. */
const MAX_IN_FLIGHT = 8;
/** Acknowledged, and still not seen with a `seq`: it goes again. */
const UNSEEN_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
export const GIVE_UP_MS = 24 * 60 * 60 * 1_000;

export function put(outbox: Outbox, entry: Entry): Outbox {
  const others = (outbox[entry.chatId] ?? []).filter((other) => other.clientId !== entry.clientId);
  const entries = [...others, entry].sort((a, b) => a.ord - b.ord || (a.clientId < b.clientId ? -1 : 1));
  return { ...outbox, [entry.chatId]: entries };
}

export function find(outbox: Outbox, clientId: string): Entry | undefined {
  for (const entries of Object.values(outbox)) {
    const found = entries.find((entry) => entry.clientId === clientId);
    if (found) return found;
  }
  return undefined;
}

export function remove(outbox: Outbox, chatId: ChatId, clientId: string): Outbox {
  const before = outbox[chatId];
  if (!before?.some((entry) => entry.clientId === clientId)) return outbox;
  return withChat(
    outbox,
    chatId,
    before.filter((entry) => entry.clientId !== clientId),
  );
}

function withChat(outbox: Outbox, chatId: ChatId, entries: readonly Entry[]): Outbox {
  const { [chatId]: _, ...others } = outbox;
  return entries.length === 0 ? others : { ...others, [chatId]: entries };
}

/** The place after all others of its chat, also after the clock was set back. */
export function nextOrd(outbox: Outbox, chatId: ChatId, now: number): number {
  return Math.max(now, (outbox[chatId]?.at(-1)?.ord ?? 0) + 1);
}

/** What to send now. `busy`: chats that wait for an answer. */
export function due(outbox: Outbox, busy: ReadonlySet<ChatId>, now: number): Batch[] {
  const batches: Batch[] = [];
  for (const [chatId, entries] of Object.entries(outbox)) {
    if (busy.size + batches.length >= MAX_IN_FLIGHT) break;
    const batch = busy.has(chatId) ? [] : dueOf(entries, now);
    if (batch.length > 0) batches.push({ chatId, entries: batch });
  }
  return batches;
}

/** In order: behind one that has to wait nothing goes, or it would overtake it. */
function dueOf(entries: readonly Entry[], now: number): Entry[] {
  const batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (!isToSend(entry) || isUnderWay(entry, now)) continue;
    if (!entry.isKept || entry.nextAt > now || batch.length === MAX_BATCH) break;
    bytes += sizeOf(entry);
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
    batch.push(entry);
  }
  return batch;
}

/** On the wire. */
function sizeOf(entry: Entry): number {
  return new TextEncoder().encode(JSON.stringify(toSend(entry))).length;
}

export function isToSend(entry: Entry): boolean {
  return entry.state === "waiting" && !entry.isWithdrawn;
}

function isUnderWay(entry: Entry, now: number): boolean {
  return entry.phase === "queued" && entry.nextAt > now;
}

/** When something will be due that is not now; null if nothing waits. */
export function nextDue(outbox: Outbox): number | null {
  const waiting = Object.values(outbox).flatMap((entries) => entries.filter(isToSend));
  return waiting.length === 0 ? null : Math.min(...waiting.map((entry) => entry.nextAt));
}

export function toSend(entry: Entry): MsgSend {
  const { chatId, clientId, content, mentions } = entry;
  return { chatId, clientId, content, replyTo: entry.replyTo?.id ?? null, mentions: [...mentions] };
}

/** Ends a failure that came before it: of the two the last word holds. */
export function acknowledged(
  entry: Entry,
  sent: { id?: MessageId; seq?: number | null },
  now: number,
): Entry {
  const wait = Math.min(UNSEEN_MS * 2 ** entry.tries, LONGEST_WAIT_MS);
  const seq = sent.seq ?? null;
  return {
    ...entry,
    state: "waiting",
    failure: null,
    phase: "queued",
    seq,
    id: sent.id ?? entry.id,
    tries: entry.tries + 1,
    nextAt: now + wait,
  };
}

/** `chance` from 0 to 1 spreads those who were refused together. */
export function refused(entry: Entry, error: EventError, now: number, chance: number): Entry {
  if (!error.retryable && !isAboutUs(error)) {
    const { code, message } = error;
    return { ...entry, state: "failed", failure: { code, message, isRetryable: error.retryable } };
  }
  const wait = Math.min(FIRST_WAIT_MS * 2 ** entry.tries, LONGEST_WAIT_MS) * (1 + chance / 2);
  const nextAt = now + Math.max(wait, error.retryAfterMs ?? 0);
  return { ...entry, phase: "new", tries: entry.tries + 1, nextAt };
}

/** The message is not at fault when nobody is signed in any more. */
function isAboutUs(error: EventError): boolean {
  return error.code === "token_expired" || error.code === "unauthenticated";
}

/** `msg:failed`. One that has been sent again since is not meant. */
export function gaveUp(entry: Entry, error: EventError): Entry {
  if (entry.phase === "new") return entry;
  const { code, message, retryable } = error;
  return { ...entry, state: "failed", failure: { code, message, isRetryable: retryable } };
}

export function retried(entry: Entry, now: number): Entry {
  const again = { state: "waiting", failure: null, phase: "new", seq: null, tries: 0 } as const;
  const replyTo = entry.failure?.code === "quote_gone" ? null : entry.replyTo;
  return { ...entry, ...again, replyTo, nextAt: now, waitingSince: now };
}

/** After a connection was lost nothing is known of what was under way: all of it goes again. */
export function reconnected(outbox: Outbox, now: number): Outbox {
  return mapAll(outbox, (entry) =>
    entry.state === "failed" ? entry : { ...entry, phase: "new", nextAt: Math.min(entry.nextAt, now) },
  );
}

export function expired(outbox: Outbox, now: number): Outbox {
  return mapAll(outbox, (entry) => {
    if (!isToSend(entry) || now - entry.waitingSince < GIVE_UP_MS) return entry;
    const failure = { code: "expired", message: "waited for a day", isRetryable: true } as const;
    return { ...entry, state: "failed", failure };
  });
}

export interface Arrival {
  entry: Entry;
  /** Null where it is not at hand. */
  message: Message | null;
}

/** Those whose message is stored here now, or known to be stored where it is not shown. */
export function arrived(
  outbox: Outbox,
  me: UserId,
  messages: readonly Message[],
  seqOf: (chat: ChatId) => number,
): Arrival[] {
  const seen = new Map(
    messages.filter((m) => m.senderId === me).map((m) => [`${m.chatId} ${m.clientId}`, m]),
  );
  const all = Object.values(outbox).flat();
  return all.flatMap((entry) => {
    const message = seen.get(`${entry.chatId} ${entry.clientId}`) ?? null;
    const isStored = entry.seq !== null && entry.seq <= seqOf(entry.chatId);
    return message || isStored ? [{ entry, message }] : [];
  });
}

/** What the user changed too late for it to be sent along. */
export function leftToDo({ entry, message }: Arrival): { messageId: MessageId; wish: Wish } | null {
  const messageId = message?.id ?? entry.id;
  if (messageId === null || message?.deletedAt) return null;
  if (entry.isWithdrawn) return { messageId, wish: { kind: "delete" } };
  const isOther = !message || (message.content !== entry.content && !message.editedAt);
  return entry.edition > 0 && isOther ? { messageId, wish: { kind: "edit", content: entry.content } } : null;
}

export function amended(entry: Entry, content: string, mentions: readonly UserId[]): Entry {
  return { ...entry, content, mentions, edition: entry.edition + 1, isKept: false };
}

/** None where it does so already. */
export function mentioning(entry: Entry, mentions: readonly UserId[]): Entry[] {
  const isSame =
    entry.mentions.length === mentions.length && mentions.every((id, at) => id === entry.mentions[at]);
  return isSame ? [] : [{ ...entry, mentions }];
}

/** What it answers is gone: without it, it may go. */
export function answerless(entry: Entry): Entry {
  return { ...entry, state: "failed", failure: { code: "quote_gone", message: "", isRetryable: true } };
}

export function withdrawn(entry: Entry, now: number): Entry {
  return { ...entry, isWithdrawn: true, waitingSince: now };
}

/** What two tabs have made of one entry; for all else the first counts. */
export function merged(entry: Entry, other: Entry): Entry {
  const { content, mentions, edition } = other.edition > entry.edition ? other : entry;
  const isOut = entry.isOut || other.isOut;
  const isWithdrawn = entry.isWithdrawn || other.isWithdrawn;
  return { ...entry, content, mentions, edition, isOut, isWithdrawn };
}

/** Those that the user still wants. */
export function standing(outbox: Outbox): Outbox {
  const all = Object.values(outbox).flat();
  if (!all.some((entry) => entry.isWithdrawn)) return outbox;
  return all.filter((entry) => !entry.isWithdrawn).reduce(put, {});
}

/** Withdrawn, and surely not sent, or so long ago that it will not arrive any more. */
export function isOver(entry: Entry, now: number): boolean {
  return entry.isWithdrawn && (!entry.isOut || now - entry.waitingSince >= GIVE_UP_MS);
}

function mapAll(outbox: Outbox, change: (entry: Entry) => Entry): Outbox {
  let isSame = true;
  const next = Object.entries(outbox).map(([chatId, entries]) => {
    const changed = entries.map(change);
    if (changed.every((entry, at) => entry === entries[at])) return [chatId, entries] as const;
    isSame = false;
    return [chatId, changed] as const;
  });
  return isSame ? outbox : Object.fromEntries(next);
}
