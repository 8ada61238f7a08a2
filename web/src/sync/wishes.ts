/**
 * Own changes on their way to the server, in order per chat. Pure: the envoy carries out what is due
 * and tells what came of it. Of two that change the same thing the later one counts, and each says
 * how something is to be, so that repeats are harmless.
 */

import type { Chat, ChatId, Message, MessageId } from "../wire";
import type { Failure, PendingChange, Wish } from "./model";
import { type Arrival, GIVE_UP_MS, leftToDo } from "./outbox";

export interface Wished extends PendingChange {
  /** Ascending within the chat. */
  ord: number;
  /** It, or one that it replaced, may have reached the server. */
  isOut: boolean;
  tries: number;
  /** Not to be tried before, in milliseconds. */
  nextAt: number;
  /** On disk, or never to be there: what isn't durable is not sent. */
  isKept: boolean;
}

export type Wishes = Readonly<Record<ChatId, readonly Wished[]>>;

/** So many chats are seen to at once, in each one change after the other. */
const MAX_IN_FLIGHT = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const TRIES_AT_LEAST = 10;

/** What is changed: of two with the same slot the later one counts. */
export function slotOf({ messageId, wish }: Pick<Wished, "messageId" | "wish">): string {
  switch (wish.kind) {
    case "react":
      return `${messageId} react ${wish.emoji}`;
    case "mark":
      return wish.mark.name;
    default:
      return `${messageId} ${wish.kind}`;
  }
}

/** In its place, and those that it makes pointless gone. */
export function put(wishes: Wishes, wished: Wished): Wishes {
  const before = wishes[wished.chatId] ?? [];
  const slot = slotOf(wished);
  const rivals = before.filter((other) => other.key !== wished.key && slotOf(other) === slot);
  if (rivals.some((rival) => isLater(rival, wished))) return wishes;
  const isOut = wished.isOut || rivals.some((rival) => rival.isOut);
  const others = before.filter((other) => other.key !== wished.key && !isPointless(other, wished));
  const entries = [...others, isOut === wished.isOut ? wished : { ...wished, isOut }];
  entries.sort((a, b) => (isLater(a, b) ? 1 : -1));
  return { ...wishes, [wished.chatId]: entries };
}

function isLater(a: Wished, b: Wished): boolean {
  return a.ord > b.ord || (a.ord === b.ord && a.key > b.key);
}

/** Replaced by the later one, or about what is to be deleted. */
function isPointless(other: Wished, later: Wished): boolean {
  if (slotOf(other) === slotOf(later)) return true;
  const isOnIt = ["edit", "react", "pin"].includes(other.wish.kind) && other.messageId === later.messageId;
  return later.wish.kind === "delete" && isOnIt;
}

export function remove(wishes: Wishes, keys: ReadonlySet<string>): Wishes {
  const left = Object.entries(wishes).map(
    ([id, list]) => [id, list.filter((it) => !keys.has(it.key))] as const,
  );
  return Object.fromEntries(left.filter(([, list]) => list.length > 0));
}

export function find(wishes: Wishes, key: string): Wished | undefined {
  return Object.values(wishes)
    .flat()
    .find((wished) => wished.key === key);
}

/** Those of `before` that are not in `after`. */
export function lost(before: Wishes, after: Wishes): Wished[] {
  return Object.values(before)
    .flat()
    .filter((wished) => !find(after, wished.key));
}

function nextOrd(wishes: Wishes, chatId: ChatId, now: number): number {
  return Math.max(now, (wishes[chatId]?.at(-1)?.ord ?? 0) + 1);
}

export interface Birth {
  key: string;
  chatId: ChatId;
  messageId: MessageId | null;
  wish: Wish;
  now: number;
}

export function born(wishes: Wishes, { key, chatId, messageId, wish, now }: Birth): Wished {
  return {
    key,
    chatId,
    messageId,
    wish,
    at: new Date(now).toISOString(),
    state: "waiting",
    failure: null,
    ord: nextOrd(wishes, chatId, now),
    isOut: false,
    tries: 0,
    nextAt: 0,
    isKept: false,
  };
}

/** What is left to do of a message that has arrived. Every tab finds the same, so each edition has one key. */
export function leftBy(arrival: Arrival, wishes: Wishes, now: number): Wished | null {
  const todo = leftToDo(arrival);
  const { chatId, clientId, edition } = arrival.entry;
  if (!todo) return null;
  const key = `${todo.wish.kind}-${clientId}-${edition}`;
  return { ...born(wishes, { ...todo, chatId, now, key }), isKept: true };
}

/** The chat is not the user's any more. */
export function lose(wishes: Wishes, chatId: ChatId): Wishes {
  const { [chatId]: mine = [], ...others } = wishes;
  const failure = { code: "not_found", message: "", isRetryable: false } as const;
  const said = mine.filter((wished) => wished.messageId !== null);
  const failed = said.map((wished): Wished => ({ ...wished, state: "failed", failure }));
  return failed.length === 0 ? others : { ...others, [chatId]: failed };
}

/** The first of each chat that is seen to now. `busy`: chats that wait for an answer. */
export function due(wishes: Wishes, busy: ReadonlySet<ChatId>, now: number): Wished[] {
  const free = Object.entries(wishes).filter(([chatId]) => !busy.has(chatId));
  const first = free.flatMap(([, list]) => list.find((wished) => wished.state === "waiting") ?? []);
  const ready = first.filter((wished) => wished.isKept && wished.nextAt <= now);
  return ready.slice(0, Math.max(0, MAX_IN_FLIGHT - busy.size));
}

export function nextDue(wishes: Wishes): number | null {
  const waiting = Object.values(wishes).flatMap((list) =>
    list.filter((wished) => wished.state === "waiting"),
  );
  return waiting.length === 0 ? null : Math.min(...waiting.map((wished) => wished.nextAt));
}

/** `chance` from 0 to 1 spreads those who were refused together. */
export function refused(wished: Wished, failure: Failure, now: number, chance: number): Wished {
  const { code, message, isRetryable, retryAfterMs } = failure;
  if (isFinal(failure)) {
    const isKnown = code !== "offline" && code !== "called_off";
    const why = { code: isKnown ? code : "unavailable", message, isRetryable } as const;
    return { ...wished, state: "failed", failure: why };
  }
  if (isHopeless(wished, now) && !isAboutUs(failure)) {
    const why = { code: "expired", message: "tried for a day", isRetryable: true } as const;
    return { ...wished, state: "failed", failure: why };
  }
  const wait = Math.min(FIRST_WAIT_MS * 2 ** wished.tries, LONGEST_WAIT_MS) * (1 + chance / 2);
  return { ...wished, tries: wished.tries + 1, nextAt: now + Math.max(wait, retryAfterMs ?? 0) };
}

/** Not so where the same is being done at this moment. */
function isFinal(failure: Failure): boolean {
  const isTwin = failure.code === "conflict" && failure.retryAfterMs !== null;
  return !failure.isRetryable && !isAboutUs(failure) && !isTwin;
}

/** Nobody is signed in any more. */
function isAboutUs({ code }: Failure): boolean {
  return code === "token_expired" || code === "unauthenticated";
}

/** What nothing comes of would hold up all that stands behind it. A day without a network is none of trying. */
function isHopeless({ at, tries }: Wished, now: number): boolean {
  return tries >= TRIES_AT_LEAST && now - Date.parse(at) >= GIVE_UP_MS;
}

export function reconnected(wishes: Wishes, now: number): Wishes {
  const sooner = (wished: Wished) => (wished.nextAt > now ? { ...wished, nextAt: now } : wished);
  return Object.fromEntries(Object.entries(wishes).map(([id, list]) => [id, list.map(sooner)]));
}

/** What is known of that which a wish is about; null where nothing is. */
export interface Known {
  message: Message | null;
  me: Chat["me"] | null;
  isStarred: boolean;
  isHidden: boolean;
}

/** Nothing is left to be done. */
export function isFulfilled(wish: Wish, { message, me, isStarred, isHidden }: Known): boolean {
  switch (wish.kind) {
    case "edit":
      return message?.content === wish.content;
    case "delete":
      return message?.deletedAt != null;
    case "hide":
      return isHidden;
    case "react":
      return message !== null && hasReacted(message, wish.emoji) === wish.on;
    case "pin":
      return message !== null && (message.pinnedAt != null) === wish.on;
    case "star":
      return isStarred === wish.on;
    case "mark":
      return me !== null && (me[wish.mark.name] ?? null) === wish.mark.value;
  }
}

function hasReacted(message: Message, emoji: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
}
