/** One chat as the client has it, and how messages, marks and answers change it. Pure. */

import type { Chat, ChatMe, Message, MessageId, OwnChange, Role, Status, SystemEvent, UserId } from "../wire";
import type { ChatEntry, Told } from "./model";
import { count, forgetId, isExact, note, prune, type Tally, tallyOf } from "./unread";

export interface Room extends ChatEntry {
  /** The highest `rev` heard of. */
  knownRev: number;
  /** The `rev` up to which title, roles and so on are current. */
  infoRev: number;
  /**
   * Made by `chat:new` and not met in a `sync` yet. Such an event may be old: the user's own marks
   * in it may have changed since, unseen because the chat was not here.
   */
  isHearsay: boolean;
  /** All messages up to this `seq` have been applied. */
  seq: number;
  /** Applied above it, while some in between are still missing. In memory only. */
  ahead: readonly Message[];
  tally: Tally;
  /** `unread` or `lastMessage` can't be told from what is here: only the server can. */
  isDoubtful: boolean;
  /** The server knows that the user has read up to here; `me.readSeq` may be ahead. */
  readTold: number;
  /** When the user last opened it, in milliseconds: the least recent leave the cache first. */
  openedAt: number;
}

/** Known by name, nothing applied yet. */
export function hearsay(chat: Chat): Room {
  const room: Room = {
    chat,
    rev: 0,
    receipts: {},
    activeAt: chat.lastMessage?.createdAt ?? chat.createdAt,
    knownRev: chat.lastRev,
    infoRev: chat.lastRev,
    isHearsay: true,
    seq: 0,
    ahead: [],
    tally: { floor: chat.lastSeq + 1, counted: {} },
    isDoubtful: false,
    readTold: chat.me.readSeq,
    openedAt: 0,
  };
  return takeReceipts(room, chat);
}

export function hasGap(room: Room): boolean {
  return room.knownRev > room.rev;
}

export function withMe(room: Room, patch: Partial<ChatMe>): Room {
  return { ...room, chat: { ...room.chat, me: { ...room.chat.me, ...patch } } };
}

/** A message in its newest state becomes part of the chat's numbers; the message itself is kept elsewhere. */
export function put(room: Room, message: Message, me: UserId): Room {
  let next = room;
  if (message.rev > room.infoRev) {
    next = { ...next, infoRev: message.rev };
    if (message.system) next = takeSystem(next, message.system, message.senderId, me);
  }
  return takeLast(tallied(next, message, me), message);
}

function tallied(room: Room, message: Message, me: UserId): Room {
  const { readSeq, unread, mentions } = room.chat.me;
  const isBelow = message.seq > readSeq && message.seq < room.tally.floor;
  if (isBelow) return message.deletedAt ? { ...room, isDoubtful: true } : room;
  const tally = note(room.tally, message, readSeq, me);
  if (tally === room.tally) return room;
  const [before, after] = [count(room.tally), count(tally)];
  return withMe(
    { ...room, tally },
    {
      unread: Math.max(0, unread + after.unread - before.unread),
      mentions: Math.max(0, mentions + after.mentions - before.mentions),
    },
  );
}

function takeLast(room: Room, message: Message): Room {
  const last = room.chat.lastMessage;
  const lastSeq = Math.max(room.chat.lastSeq, message.seq);
  const isLast = !last || message.seq > last.seq || (message.seq === last.seq && message.rev > last.rev);
  if (!isLast) return { ...room, chat: { ...room.chat, lastSeq } };
  return active({ ...room, chat: { ...room.chat, lastSeq, lastMessage: message } });
}

/** The last message as an answer has it that is no older than what is here. */
export function takeLastMessage(room: Room, chat: Chat): Room {
  return active({ ...room, chat: { ...room.chat, lastMessage: chat.lastMessage ?? null } });
}

function active(room: Room): Room {
  const at = room.chat.lastMessage?.createdAt ?? "";
  return at > room.activeAt ? { ...room, activeAt: at } : room;
}

/** `unread` and `mentions` from what is here, where that reaches down far enough. */
export function recount(room: Room): Room {
  const { me } = room.chat;
  if (!isExact(room.tally, me.readSeq)) return room;
  const tally = prune(room.tally, me.readSeq);
  const counted = count(tally);
  const isSame = counted.unread === me.unread && counted.mentions === me.mentions;
  if (isSame && tally === room.tally) return room;
  return withMe({ ...room, tally }, counted);
}

/** A membership or title change is its system message: `chat:updated` may be lost. */
function takeSystem(room: Room, event: SystemEvent, by: UserId, me: UserId): Room {
  const { chat } = room;
  switch (event.kind) {
    case "group_created":
    case "title_changed":
      return { ...room, chat: { ...chat, title: event.title } };
    case "about_changed":
      return { ...room, chat: { ...chat, about: event.about } };
    case "members_added":
      return { ...room, chat: { ...chat, memberCount: chat.memberCount + event.userIds.length } };
    case "member_joined":
      return { ...room, chat: { ...chat, memberCount: chat.memberCount + 1 } };
    case "member_removed":
      return takeLeave(room, event.userId);
    case "member_left": {
      const left = takeLeave(room, event.userId);
      return event.newOwnerId ? takeRole(left, event.newOwnerId, "owner", me) : left;
    }
    case "slow_mode_changed":
      return { ...room, chat: { ...chat, slowModeSecs: event.slowModeSecs } };
    case "history_visible_changed":
      return { ...room, chat: { ...chat, historyVisible: event.historyVisible } };
    case "disappear_after_changed":
      return { ...room, chat: { ...chat, disappearAfterSecs: event.disappearAfterSecs ?? null } };
    case "permissions_changed":
      return { ...room, chat: { ...chat, permissions: event.permissions } };
    case "role_changed":
      return takeRole(room, event.userId, event.role, me);
    case "ownership_transferred":
      return takeRole(takeRole(room, by, "admin", me), event.userId, "owner", me);
    default:
      return room;
  }
}

function takeLeave(room: Room, user: UserId): Room {
  const { [user]: _, ...receipts } = room.receipts;
  return { ...room, receipts, chat: { ...room.chat, memberCount: Math.max(0, room.chat.memberCount - 1) } };
}

function takeRole(room: Room, user: UserId, role: Role, me: UserId): Room {
  return user === me ? withMe(room, { role }) : room;
}

/** Title, roles, members: all that every member is told alike. */
export function takeInfo(room: Room, chat: Chat): Room {
  const heard = takeReceipts({ ...room, knownRev: Math.max(room.knownRev, chat.lastRev) }, chat);
  if (chat.lastRev < room.infoRev) return heard;
  const { lastMessage, me } = heard.chat;
  const next: Room = {
    ...heard,
    infoRev: chat.lastRev,
    chat: {
      ...chat,
      me: { ...me, role: chat.me.role, historyFrom: chat.me.historyFrom },
      lastSeq: Math.max(heard.chat.lastSeq, chat.lastSeq),
      lastRev: Math.max(heard.chat.lastRev, chat.lastRev),
      lastMessage: lastMessage ?? null,
    },
  };
  return next;
}

/** The user's own marks and the last message, as a current answer has them. */
export function takeOwn(room: Room, chat: Chat): Room {
  const { role, readSeq } = room.chat.me;
  const isBehind = chat.me.readSeq < readSeq;
  const readTold = Math.max(room.readTold, chat.me.readSeq);
  const own = withMe(
    { ...room, readTold },
    { ...chat.me, role, readSeq: Math.max(readSeq, chat.me.readSeq) },
  );
  const settled = recount({ ...own, isDoubtful: false });
  if (!isBehind || isExact(settled.tally, readSeq)) return settled;
  // The server counts from where it thinks we read; ask once it knows better.
  const { unread, mentions } = room.chat.me;
  return { ...withMe(settled, { unread, mentions }), isDoubtful: true };
}

function takeReceipts(room: Room, chat: Chat): Room {
  if (chat.receipts.length === 0) return room;
  const isCurrent = chat.lastRev >= room.infoRev;
  const receipts = isCurrent ? {} : { ...room.receipts };
  for (const theirs of chat.receipts) {
    const ours = room.receipts[theirs.userId];
    if (isCurrent || ours) receipts[theirs.userId] = higher(ours, theirs);
  }
  return { ...room, receipts };
}

/** A watermark moved. Who is not known as a member yet is not taken: a tick would go back by it. */
export function advance(room: Room, user: UserId, deliveredSeq: number, readSeq: number): Room {
  const before = room.receipts[user];
  if (!before) return room;
  const after = higher(before, { userId: user, deliveredSeq, readSeq });
  const isSame = before.deliveredSeq === after.deliveredSeq && before.readSeq === after.readSeq;
  return isSame ? room : { ...room, receipts: { ...room.receipts, [user]: after } };
}

/** So that a tick can say since when. More than these is not on the screen. */
const MOST_TOLD = 100;

export function noteTold(before: Room, after: Room, { userId, at }: Status, isRead: boolean): Room {
  if (before === after || after.chat.type !== "direct") return after;
  const seqOf = (room: Room) => room.receipts[userId]?.[isRead ? "readSeq" : "deliveredSeq"] ?? 0;
  const told: Told = { tick: isRead ? "read" : "delivered", from: seqOf(before), to: seqOf(after), at };
  return { ...after, told: [...(before.told ?? []), told].slice(-MOST_TOLD) };
}

type Marks = ChatEntry["receipts"][UserId];

export function higher(a: Marks | undefined, b: Marks): Marks {
  const readSeq = Math.max(a?.readSeq ?? 0, b.readSeq);
  return { userId: b.userId, readSeq, deliveredSeq: Math.max(a?.deliveredSeq ?? 0, b.deliveredSeq, readSeq) };
}

/** `loaded`: messages that are at hand, to tell what a partial reading leaves where the tally can't. */
export function read(room: Room, seq: number, me: UserId, loaded: readonly Message[], from: number): Room {
  const { readSeq, unread, mentions } = room.chat.me;
  if (seq <= readSeq) return room;
  const next = advance(withMe(room, { readSeq: seq }), me, seq, seq);
  if (isExact(room.tally, seq)) return recount(next);
  if (from > readSeq + 1) return { ...next, isDoubtful: true };
  const left = count(
    tallyOf(
      loaded.filter((message) => message.seq <= seq),
      from,
      readSeq,
      me,
    ),
  );
  return withMe(next, {
    unread: Math.max(0, unread - left.unread),
    mentions: Math.max(0, mentions - left.mentions),
  });
}

/** What was read here and is not told yet. */
export function hasReadMore(room: Room): boolean {
  return room.chat.me.readSeq > room.readTold;
}

export function applyOwn(room: Room, change: OwnChange): Room {
  switch (change.kind) {
    case "mute":
      return withMe(room, { mutedUntil: change.data.mutedUntil ?? null });
    case "pin":
      return withMe(room, { pinned: change.data.pinned });
    case "archive":
      return withMe(room, { archived: change.data.archived });
    case "draft":
      return withMe(room, { draft: change.data.draft ?? null });
    case "read": {
      const readTold = Math.max(room.readTold, change.data.readSeq);
      return withMe({ ...room, readTold }, { unreadFrom: change.data.unreadFrom ?? null });
    }
    case "unread":
      return withMe(room, { unreadFrom: change.data.unreadFrom ?? null });
    default:
      return room;
  }
}

/** A message was deleted for the user alone. */
export function hide(room: Room, id: MessageId): Room {
  const tally = forgetId(room.tally, id);
  const [before, after] = [count(room.tally), count(tally)];
  const { unread, mentions } = room.chat.me;
  const counted = withMe(
    { ...room, tally },
    {
      unread: Math.max(0, unread + after.unread - before.unread),
      mentions: Math.max(0, mentions + after.mentions - before.mentions),
    },
  );
  const wasLast = room.chat.lastMessage?.id === id;
  const isUnsure = wasLast || !isExact(tally, room.chat.me.readSeq);
  const last = wasLast ? null : (counted.chat.lastMessage ?? null);
  return {
    ...counted,
    isDoubtful: room.isDoubtful || isUnsure,
    chat: { ...counted.chat, lastMessage: last },
  };
}

/** As it comes from disk, where several tabs have written parts of it. */
export function restored(room: Room, hidden: ReadonlySet<MessageId>): Room {
  const entries = Object.entries(room.tally.counted);
  const counted = Object.fromEntries(entries.filter(([, entry]) => !hidden.has(entry.id)));
  // What was ahead is not remembered, so nobody could say that nothing is missing: begin anew.
  const isHearsay = room.isHearsay || hasGap(room);
  return recount({ ...room, isHearsay, tally: { ...room.tally, counted } });
}
