/**
 * How events and `sync` change an account: `protocol.md` §3 in code. Events are hints: one is
 * applied when its number is the next, ignored when it is known, and otherwise remembered as a gap
 * that `sync` fills.
 */

import type {
  Chat,
  ChatId,
  ChatRemoved,
  ChatSync,
  Message,
  MessageId,
  OwnChange,
  Status,
  SyncAnswer,
  SyncRequest,
  UserChange,
} from "../wire";
import { type Account, Draft, type Step } from "./account";
import {
  advance,
  applyOwn,
  hasGap,
  hearsay,
  hide,
  noteTold,
  put,
  type Room,
  read,
  recount,
  takeInfo,
  takeLastMessage,
  takeOwn,
} from "./chat";
import { extend, insert, showRun, upsert, without } from "./timeline";
import { tallyOf } from "./unread";

/** `msg:new` and `msg:updated`. */
export function hearMessage(account: Account, message: Message): Step {
  const draft = new Draft(account);
  const room = draft.room(message.chatId);
  if (!room) {
    draft.mark("unknown", message.chatId, true);
    return draft.step();
  }
  if (message.rev !== room.rev + 1) {
    if (message.rev > room.knownRev) draft.setRoom({ ...room, knownRev: message.rev });
    return draft.step();
  }
  draft.setRoom(inTurn(room, message.rev));
  putMessage(draft, message);
  settleSeq(draft, message.chatId);
  return draft.step();
}

function inTurn(room: Room, rev: number): Room {
  const lastRev = Math.max(room.chat.lastRev, rev);
  return { ...room, rev, knownRev: Math.max(room.knownRev, rev), chat: { ...room.chat, lastRev } };
}

/** With every change applied that was heard of, no message is missing up to the last. */
function settleSeq(draft: Draft, id: ChatId) {
  const room = draft.room(id);
  if (!room || hasGap(room)) return;
  const { lastSeq } = room.chat;
  if (lastSeq > room.seq) {
    // What is called complete comes along whole.
    for (const message of room.ahead) draft.changes.push({ kind: "message", message });
    draft.changes.push({ kind: "covered", chatId: id, from: room.seq + 1, to: lastSeq });
  }
  draft.setRoom(recount({ ...room, ahead: [], seq: Math.max(room.seq, lastSeq) }));
  const timeline = draft.timeline(id);
  if (timeline) draft.setTimeline(extend(timeline, lastSeq));
}

/** The answer to an own change: what is on the screen follows at once, numbers in their turn. */
export function hearAnswer(account: Account, message: Message): Step {
  const room = account.rooms[message.chatId];
  if (room && message.rev === room.rev + 1) return hearMessage(account, message);
  const draft = new Draft(account);
  if (!room || message.seq > room.seq) return draft.step();
  draft.setRoom({ ...room, knownRev: Math.max(room.knownRev, message.rev) });
  if (!draft.account.hidden.has(message.id)) show(draft, message);
  return draft.step();
}

function putMessage(draft: Draft, message: Message) {
  const room = draft.room(message.chatId);
  if (!room) return;
  if (draft.account.hidden.has(message.id)) {
    const lastSeq = Math.max(room.chat.lastSeq, message.seq);
    return draft.setRoom({ ...room, chat: { ...room.chat, lastSeq } });
  }
  const ahead = message.seq > room.seq ? insert(room.ahead, message) : room.ahead;
  draft.setRoom(put({ ...room, ahead }, message, draft.account.me));
  show(draft, message);
}

function show(draft: Draft, message: Message) {
  const timeline = draft.timeline(message.chatId);
  if (timeline) draft.setTimeline(upsert(timeline, message));
  draft.changes.push({ kind: "message", message });
}

export function hearStatus(account: Account, status: Status, isRead: boolean): Step {
  const draft = new Draft(account);
  const room = draft.room(status.chatId);
  if (room) {
    const moved = advance(room, status.userId, status.seq, isRead ? status.seq : 0);
    draft.setRoom(status.userId === account.me ? moved : noteTold(room, moved, status, isRead));
  }
  return draft.step();
}

/** `chat:new`, and the answer to making one. */
export function hearNewChat(account: Account, chat: Chat): Step {
  const draft = new Draft(account);
  const { [chat.id]: _, ...gone } = account.gone;
  draft.set({ gone });
  draft.setRoom(takeInfo(draft.room(chat.id) ?? hearsay(chat), chat));
  return draft.step();
}

export function hearChat(account: Account, chat: Chat): Step {
  const draft = new Draft(account);
  const room = draft.room(chat.id);
  if (room) draft.setRoom(takeInfo(room, chat));
  else draft.mark("unknown", chat.id, true);
  return draft.step();
}

export function hearRemoved(account: Account, removed: ChatRemoved): Step {
  const draft = new Draft(account);
  draft.remove(removed.chatId, removed.reason);
  return draft.step();
}

/** `me:updated`. */
export function hearOwn(account: Account, change: UserChange): Step {
  const draft = new Draft(account);
  draft.set({ knownUserRev: Math.max(account.knownUserRev, change.userRev) });
  if (change.userRev === account.userRev + 1 && isPlaced(account, change)) {
    takeChange(draft, change);
    draft.set({ userRev: change.userRev });
  }
  return draft.step();
}

/**
 * Whether all that it changes is here. Counting it without would be a lie on disk, where another tab
 * has written the chat as it was before.
 */
function isPlaced(account: Account, change: OwnChange): boolean {
  return account.isComplete && (!isOfChat(change) || change.data.chatId in account.rooms);
}

type ChatChange = Extract<OwnChange, { data: { chatId: ChatId } }>;

function isOfChat(change: OwnChange): change is ChatChange {
  return "chatId" in change.data;
}

/** The user's own change, before the server has counted it. */
export function changeOwn(account: Account, change: OwnChange): Step {
  const draft = new Draft(account);
  takeChange(draft, change);
  return draft.step();
}

function takeChange(draft: Draft, change: OwnChange) {
  if (!isOfChat(change)) return takeOwnAffair(draft, change);
  switch (change.kind) {
    case "star":
      return draft.mark("starred", change.data.messageId, change.data.starred);
    case "hide":
      return hideMessage(draft, change.data.chatId, change.data.messageId);
    case "read":
      readUpTo(draft, change.data.chatId, change.data.readSeq);
  }
  const room = draft.room(change.data.chatId);
  if (room) draft.setRoom(applyOwn(room, change));
}

function takeOwnAffair(draft: Draft, change: Exclude<OwnChange, ChatChange>) {
  switch (change.kind) {
    case "settings":
      return draft.set({ settings: change.data });
    case "blocks":
      return draft.mark("blocked", change.data.userId, change.data.blocked);
    case "contacts":
      return draft.setContact(change.data.userId, change.data.isContact, change.data.nickname ?? null);
  }
}

function readUpTo(draft: Draft, chat: ChatId, seq: number) {
  const room = draft.room(chat);
  if (!room) return;
  const { messages, from, to } = draft.timeline(chat) ?? { messages: [], from: 1, to: 0 };
  const reaches = to >= seq ? from : Number.POSITIVE_INFINITY;
  draft.setRoom(read(room, seq, draft.account.me, messages, reaches));
}

function hideMessage(draft: Draft, chatId: ChatId, messageId: MessageId) {
  if (draft.account.hidden.has(messageId)) return;
  draft.mark("hidden", messageId, true);
  draft.changes.push({ kind: "hidden", chatId, messageId });
  const room = draft.room(chatId);
  if (room) draft.setRoom(hide(room, messageId));
  const timeline = draft.timeline(chatId);
  if (timeline) draft.setTimeline(without(timeline, messageId));
}

export function needsSync(account: Account): boolean {
  return (
    account.knownUserRev > account.userRev ||
    account.unknown.size > 0 ||
    Object.values(account.rooms).some((room) => room.isHearsay || hasGap(room))
  );
}

export function revsOf(account: Account): Record<ChatId, number> {
  const known = Object.entries(account.rooms).filter(([, room]) => !room.isHearsay);
  return Object.fromEntries(known.map(([id, room]) => [id, room.rev]));
}

export function syncRequest(account: Account, limit: number): SyncRequest {
  const { userRev, receiptsCursor } = account;
  return { userRev, chats: revsOf(account), limit, receiptsCursor };
}

/** Chats known by hearsay alone: those a `sync` asked for now does not speak of are not the user's. */
export function hearsayIn(account: Account): ReadonlySet<ChatId> {
  const unmet = Object.values(account.rooms).filter((room) => room.isHearsay);
  return new Set(unmet.map((room) => room.chat.id));
}

/** Ask again while `answer.more`. `doubted`, `goneThen`: what was hearsay, and gone, when it was asked for. */
export function applySync(
  account: Account,
  answer: SyncAnswer,
  doubted: ReadonlySet<ChatId>,
  goneThen: Account["gone"] = account.gone,
): Step {
  const draft = new Draft(account);
  const hasLeftSince = (id: ChatId) => id in account.gone && !(id in goneThen);
  // A change told by `me:updated` after the answer was made is newer than what it says.
  const isOwnCurrent = answer.userRev >= account.userRev;
  for (const change of answer.me) {
    if (change.userRev <= draft.account.userRev) continue;
    takeChange(draft, change);
    draft.set({ userRev: change.userRev });
  }
  // Chats after changes: who left and came back has marks that no change tells of.
  const late = answer.chats.filter(({ chat }) => hasLeftSince(chat.id));
  for (const part of answer.chats) if (!late.includes(part)) takePart(draft, part, isOwnCurrent);
  const userRev = Math.max(draft.account.userRev, answer.userRev);
  draft.set({ userRev, knownUserRev: Math.max(draft.account.knownUserRev, userRev) });
  for (const id of answer.removed) draft.remove(id, null);
  for (const mark of answer.receipts) {
    const room = draft.room(mark.chatId);
    if (room) draft.setRoom(advance(room, mark.userId, mark.deliveredSeq, mark.readSeq));
  }
  if (!answer.more) settle(draft, answer, doubted);
  // The answer may have been made before, or the user be back: the next one knows.
  for (const { chat } of late) draft.mark("unknown", chat.id, true);
  return draft.step();
}

function settle(draft: Draft, answer: SyncAnswer, doubted: ReadonlySet<ChatId>) {
  // What it says of a chat may be older than what is here; that it speaks of it is enough.
  const spokenOf = new Set(answer.chats.map(({ chat }) => chat.id));
  for (const id of doubted) {
    if (draft.room(id)?.isHearsay && !spokenOf.has(id)) draft.remove(id, null);
  }
  draft.set({ unknown: new Set(), receiptsCursor: answer.receiptsCursor, isComplete: true });
}

function takePart(draft: Draft, part: ChatSync, isOwnCurrent: boolean) {
  const { chat, toRev } = part;
  draft.mark("unknown", chat.id, false);
  const before = draft.room(chat.id) ?? hearsay(chat);
  if (part.mode === "snapshot" && toRev < before.rev) return;
  draft.setRoom(before);
  // It was left and came back since the question: what the answer builds on is gone.
  if (part.mode === "delta" && before.isHearsay) return;
  if (part.mode === "snapshot") takeSnapshot(draft, before, part);
  else {
    // Up to its `rev` the chat has everything, perhaps newer than this answer has it.
    for (const message of part.messages) if (message.rev > before.rev) putMessage(draft, message);
  }
  const put = draft.room(chat.id) ?? before;
  const room = takeInfo({ ...put, rev: Math.max(put.rev, toRev), isHearsay: false }, chat);
  const current = chat.lastRev >= before.rev ? takeLastMessage(room, chat) : room;
  // The own marks may have changed unseen, while the chat was not here or the user not in it.
  draft.setRoom(isOwnCurrent ? takeOwn(current, chat) : { ...current, isDoubtful: true });
  settleSeq(draft, chat.id);
}

/** Too much was missed to tell it all: only the newest messages are certain now. */
function takeSnapshot(draft: Draft, room: Room, { chat, messages }: ChatSync) {
  const { me, hidden } = draft.account;
  const run = messages.filter((message) => !hidden.has(message.id)).sort((a, b) => a.seq - b.seq);
  const from = run[0]?.seq ?? chat.lastSeq + 1;
  draft.changes.push({ kind: "reset", chatId: chat.id });
  for (const message of run) draft.changes.push({ kind: "message", message });
  const tally = tallyOf(run, from, room.chat.me.readSeq, me);
  draft.setRoom({ ...room, tally, seq: from - 1, ahead: run });
  const timeline = draft.timeline(chat.id);
  if (timeline) {
    draft.setTimeline(showRun(timeline, { messages: run, from, to: chat.lastSeq }, chat.lastSeq));
  }
}

/**
 * The server's word on a chat whose numbers could not be told from what is here. `userRev`: the
 * account's when it was asked for.
 */
export function hearChatAnswer(account: Account, chat: Chat, userRev: number): Step {
  const draft = new Draft(account);
  const room = draft.room(chat.id);
  if (!room) return draft.step();
  const informed = takeInfo(room, chat);
  // Of another moment than ours its numbers would count something twice, or not at all.
  const isOfNow = chat.lastRev === room.rev && account.userRev === userRev;
  draft.setRoom(isOfNow ? takeOwn(takeLastMessage(informed, chat), chat) : informed);
  return draft.step();
}
