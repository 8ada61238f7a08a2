/** A small model of the server, for tests: what it would store, answer and tell. */

import type { PageWish } from "../../net/rest";
import type {
  Chat,
  ChatId,
  ChatSync,
  Member,
  Message,
  MsgSend,
  MsgSent,
  OwnChange,
  Receipt,
  SyncAnswer,
  SyncRequest,
  SystemEvent,
  User,
  UserChange,
} from "../../wire";
import type { Mark, Wish } from "../model";

export const ME = "me";
export const OTHER = "other";
const START = "2026-01-01T00:00:00.000Z";
/** As far behind as a delta may reach, what a snapshot holds, and how much of a delta one answer. */
const MAX_DELTA = 8;
const SNAPSHOT = 4;
const PART = 3;

export interface Told {
  event: string;
  body: unknown;
}

/** One chat as the server has it. */
interface Room {
  id: ChatId;
  title: string;
  rev: number;
  messages: Message[];
  isMember: boolean;
  /** But for the user. */
  others: string[];
  hidden: Set<string>;
  me: Chat["me"];
  receipts: Record<string, Receipt>;
}

export class Server {
  readonly rooms: Room[] = ["a", "b"].map(room);
  readonly starred = new Set<string>();
  /** What was sent, repeats included. */
  readonly accepted: string[] = [];
  /** Of the user's own changes: what was answered, by key. Asked again, nothing is done again. */
  private readonly answers = new Map<string, unknown>();
  private readonly changes: UserChange[] = [];
  private queue: MsgSend[] = [];
  private receiptLog: { chatId: ChatId; receipt: Receipt }[] = [];
  private clock = Date.parse(START);

  constructor(private readonly tell: (told: Told) => void) {}

  at(id: ChatId): Room {
    return this.rooms.find((room) => room.id === id) ?? fail(`no chat ${id}`);
  }

  private time(): string {
    this.clock += 1_000;
    return new Date(this.clock).toISOString();
  }

  /** Stored, counted and told. */
  private commit(room: Room, part: Partial<Message>): Message {
    const seq = room.messages.length + 1;
    room.rev += 1;
    const message: Message = {
      id: `${room.id}${seq}`,
      chatId: room.id,
      seq,
      rev: room.rev,
      senderId: OTHER,
      clientId: `o${seq}`,
      type: part.system ? "system" : "text",
      content: `text ${seq}`,
      media: [],
      replyTo: null,
      forwarded: false,
      mentions: [],
      reactions: [],
      pinnedAt: null,
      createdAt: this.time(),
      editedAt: null,
      deletedAt: null,
      expiresAt: null,
      system: null,
      ...part,
    };
    room.messages.push(message);
    if (room.isMember) this.tell({ event: "msg:new", body: { ...message } });
    return message;
  }

  pins(id: ChatId): Message[] {
    return this.at(id).messages.filter((message) => message.pinnedAt !== null);
  }

  say(id: ChatId, mentions: string[] = []) {
    this.commit(this.at(id), { mentions });
  }

  rename(id: ChatId, title: string) {
    const room = this.at(id);
    room.title = title;
    const system: SystemEvent = { kind: "title_changed", title };
    this.commit(room, { system, content: "" });
    if (room.isMember) this.tell({ event: "chat:updated", body: this.view(room) });
  }

  change(id: ChatId, index: number, patch: (message: Message) => Partial<Message>) {
    const room = this.at(id);
    const message = room.messages[index % Math.max(room.messages.length, 1)];
    if (message && !message.system && !message.deletedAt) this.replace(room, message, patch(message));
  }

  private replace(room: Room, message: Message, patch: Partial<Message>) {
    room.rev += 1;
    Object.assign(message, patch, { rev: room.rev });
    if (room.isMember) this.tell({ event: "msg:updated", body: { ...message } });
  }

  find(id: string): { room: Room; message: Message } | null {
    for (const room of this.rooms) {
      const message = room.messages.find((it) => it.id === id);
      if (message) return { room, message };
    }
    return null;
  }

  /** A change of the user's to a message; a word says why not. Null: it is as wished already. */
  private patchFor(wish: Wish, message: Message): Partial<Message> | null | "forbidden" | "conflict" {
    if (wish.kind === "delete") {
      return message.deletedAt ? null : { content: "", mentions: [], reactions: [], deletedAt: this.time() };
    }
    if (message.deletedAt) return "conflict";
    switch (wish.kind) {
      case "edit":
        if (message.senderId !== ME) return "forbidden";
        return message.content === wish.content ? null : { content: wish.content, editedAt: this.time() };
      case "react": {
        const others = message.reactions.filter((it) => it.emoji !== wish.emoji);
        if (others.length < message.reactions.length === wish.on) return null;
        const mine = { emoji: wish.emoji, count: 1, userIds: [ME], mine: true };
        return { reactions: wish.on ? [...others, mine] : others };
      }
      case "pin":
        if (Boolean(message.pinnedAt) === wish.on) return null;
        return { pinnedAt: wish.on ? this.time() : null };
      default:
        return null;
    }
  }

  /** Answers the message, or why not. */
  wish(id: string, wish: Wish, key: string): Message | "not_found" | "forbidden" | "conflict" {
    return this.once(key, () => {
      const there = this.find(id);
      if (!there?.room.isMember) return "not_found";
      const { room, message } = there;
      const data = { chatId: room.id, messageId: id };
      if (wish.kind === "star") this.own({ kind: "star", data: { ...data, starred: wish.on } });
      else if (wish.kind === "hide") this.own({ kind: "hide", data });
      else {
        const patch = this.patchFor(wish, message);
        if (typeof patch === "string") return patch;
        if (patch) this.replace(room, message, patch);
      }
      return { ...message };
    });
  }

  mark(chatId: ChatId, mark: Mark, key: string): Chat | "not_found" {
    return this.once(key, () => {
      const room = this.at(chatId);
      if (!room.isMember) return "not_found";
      if (mark.name === "pinned") this.own({ kind: "pin", data: { chatId, pinned: mark.value } });
      if (mark.name === "archived") this.own({ kind: "archive", data: { chatId, archived: mark.value } });
      if (mark.name === "unreadFrom") this.own({ kind: "unread", data: { chatId, unreadFrom: mark.value } });
      return this.view(room);
    });
  }

  private once<T>(key: string, work: () => T): T {
    if (!this.answers.has(key)) this.answers.set(key, work());
    return this.answers.get(key) as T;
  }

  erase(id: ChatId, index: number) {
    const deletedAt = this.time();
    this.change(id, index, () => ({ content: "", mentions: [], deletedAt }));
  }

  /** The user's own doing on another device. */
  own(change: OwnChange) {
    const known = "messageId" in change.data ? change.data.messageId : null;
    if (!("chatId" in change.data)) return this.count(change);
    const room = this.at(change.data.chatId);
    if (!room.isMember) return;
    if (change.kind === "pin") room.me.pinned = change.data.pinned;
    if (change.kind === "archive") room.me.archived = change.data.archived;
    if (change.kind === "hide" && known) room.hidden.add(known);
    if (change.kind === "unread") room.me.unreadFrom = change.data.unreadFrom ?? null;
    if (change.kind === "star" && known) {
      if (change.data.starred) this.starred.add(known);
      else this.starred.delete(known);
    }
    this.count(change);
  }

  private count(change: OwnChange) {
    const counted: UserChange = { ...change, userRev: this.changes.length + 1, at: this.time() };
    this.changes.push(counted);
    this.tell({ event: "me:updated", body: counted });
  }

  /** A watermark of anybody. */
  reach(user: string, id: ChatId, seq: number, isRead: boolean) {
    const room = this.at(id);
    const receipt = room.receipts[user];
    if (!room.isMember || !receipt) return;
    const upTo = Math.min(seq, room.messages.length);
    if (isRead) receipt.readSeq = Math.max(receipt.readSeq, upTo);
    receipt.deliveredSeq = Math.max(receipt.deliveredSeq, upTo, receipt.readSeq);
    this.receiptLog.push({ chatId: id, receipt: { ...receipt } });
    const event = isRead ? "status:read" : "status:delivered";
    this.tell({ event, body: { chatId: id, userId: user, seq: upTo, at: this.time() } });
    if (user !== ME || !isRead) return;
    room.me.readSeq = receipt.readSeq;
    room.me.unreadFrom = null;
    this.count({ kind: "read", data: { chatId: id, readSeq: receipt.readSeq, unreadFrom: null } });
  }

  setMember(id: ChatId, isMember: boolean) {
    const room = this.at(id);
    if (room.isMember === isMember) return;
    room.isMember = isMember;
    if (!isMember) {
      this.commit(room, { system: { kind: "member_left", userId: ME }, content: "" });
      this.queue = this.queue.filter((send) => send.chatId !== id);
      return this.tell({ event: "chat:removed", body: { chatId: id, reason: "removed" } });
    }
    const last = room.messages.length;
    room.receipts[ME] = { userId: ME, deliveredSeq: last, readSeq: last };
    room.me = { ...newMe(), readSeq: last };
    this.commit(room, { system: { kind: "members_added", userIds: [] }, content: "" });
    this.tell({ event: "chat:new", body: this.view(room) });
  }

  /** As a page of all. */
  members(id: ChatId): { members: Member[]; nextCursor: null } {
    const ids = [ME, ...this.at(id).others];
    const members = ids.map((it) => ({ user: user(it), role: "member" as const, joinedAt: START }));
    return { members, nextCursor: null };
  }

  /** Durable in the queue, or stored already; or why not. */
  accept(send: MsgSend): MsgSent | "not_found" | "validation" {
    const room = this.at(send.chatId);
    if (!room.isMember) return "not_found";
    if (send.mentions?.some((it) => it !== ME && !room.others.includes(it))) return "validation";
    const quoted = send.replyTo ? this.find(send.replyTo) : null;
    if (send.replyTo && !quoted) return "not_found";
    if (quoted?.message.deletedAt) return "validation";
    this.accepted.push(send.content);
    const stored = room.messages.find((it) => it.senderId === ME && it.clientId === send.clientId);
    if (stored) return { status: "sent", id: stored.id, clientId: send.clientId, seq: stored.seq };
    if (!this.queue.some((it) => it.clientId === send.clientId)) this.queue.push(send);
    return { status: "queued", id: send.clientId, clientId: send.clientId, seq: null };
  }

  commitQueued(count = 1) {
    for (const { chatId, clientId, content, mentions = [] } of this.queue.splice(0, count)) {
      this.commit(this.at(chatId), { senderId: ME, clientId, content, mentions });
    }
  }

  /** At worst: what was only queued is gone. */
  loseQueue() {
    this.queue = [];
  }

  visible(room: Room): Message[] {
    return room.messages.filter((message) => !room.hidden.has(message.id)).map((it) => ({ ...it }));
  }

  view(room: Room): Chat {
    const shown = this.visible(room);
    const unread = shown.filter(
      (it) => it.seq > room.me.readSeq && it.senderId !== ME && !it.system && !it.deletedAt,
    );
    const mentions = unread.filter((it) => it.mentions.includes(ME)).length;
    const role = "member";
    return {
      id: room.id,
      type: "group",
      title: room.title,
      about: "",
      avatar: null,
      createdAt: START,
      memberCount: 1 + room.others.length,
      permissions: { send: role, addMembers: role, editInfo: role, pin: role },
      slowModeSecs: 0,
      historyVisible: "all",
      disappearAfterSecs: null,
      lastSeq: room.messages.length,
      lastRev: room.rev,
      lastMessage: shown.at(-1) ?? null,
      peer: null,
      me: { ...room.me, unread: unread.length, mentions },
      receipts: Object.values(room.receipts).map((receipt) => ({ ...receipt })),
    };
  }

  page(id: ChatId, { before, after, around, limit = 50 }: PageWish): Message[] {
    const shown = this.visible(this.at(id));
    if (after !== undefined) return shown.filter((it) => it.seq > after).slice(0, limit);
    if (around !== undefined) {
      const older = shown.filter((it) => it.seq <= around).slice(-Math.ceil(limit / 2));
      return [...older, ...shown.filter((it) => it.seq > around).slice(0, Math.floor(limit / 2))].reverse();
    }
    return shown
      .filter((it) => it.seq < (before ?? Number.MAX_SAFE_INTEGER))
      .slice(-limit)
      .reverse();
  }

  sync({ userRev = 0, chats = {}, receiptsCursor }: SyncRequest): SyncAnswer {
    const mine = this.rooms.filter((room) => room.isMember);
    const parts = mine.flatMap((room) => this.part(room, chats[room.id]) ?? []);
    const since = receiptsCursor ? Number(receiptsCursor) : 0;
    const removed = this.rooms.filter((room) => !room.isMember && room.id in chats);
    return {
      userRev: this.changes.length,
      me: this.changes.filter((change) => change.userRev > userRev),
      chats: parts,
      removed: removed.map((room) => room.id),
      receipts: this.receiptLog.slice(since).map(({ chatId, receipt }) => ({ chatId, ...receipt })),
      receiptsCursor: `${this.receiptLog.length}`,
      more: parts.some((part) => part.toRev < part.chat.lastRev),
    };
  }

  private part(room: Room, rev: number | undefined): ChatSync | null {
    if (rev === room.rev) return null;
    const chat = this.view(room);
    const shown = this.visible(room);
    if (rev === undefined || room.rev - rev > MAX_DELTA) {
      const messages = shown.slice(-SNAPSHOT).sort((a, b) => a.rev - b.rev);
      return { chat, mode: "snapshot", messages, toRev: room.rev };
    }
    const changed = shown.filter((it) => it.rev > rev).sort((a, b) => a.rev - b.rev);
    const messages = changed.slice(0, PART);
    const toRev = changed.length > PART ? (messages.at(-1)?.rev ?? room.rev) : room.rev;
    return { chat, mode: "delta", messages, toRev };
  }

  stale(chats: Record<ChatId, number>): ChatId[] {
    return this.rooms
      .filter((room) => (room.isMember ? chats[room.id] !== room.rev : room.id in chats))
      .map((room) => room.id);
  }

  rev(id: ChatId): number {
    return this.at(id).rev;
  }

  userRev(): number {
    return this.changes.length;
  }
}

export function user(id: string): User {
  return {
    id,
    username: id,
    displayName: id,
    about: "",
    avatar: null,
    lastSeenAt: null,
    isContact: false,
    isBlocked: false,
  };
}

function newMe(): Chat["me"] {
  return {
    role: "member",
    historyFrom: 1,
    readSeq: 0,
    unread: 0,
    mentions: 0,
    mutedUntil: null,
    pinned: false,
    archived: false,
    draft: null,
    unreadFrom: null,
  };
}

function room(id: string): Room {
  const receipt = (userId: string) => ({ userId, deliveredSeq: 0, readSeq: 0 });
  return {
    id,
    title: "",
    rev: 0,
    messages: [],
    isMember: true,
    others: [OTHER],
    hidden: new Set(),
    me: newMe(),
    receipts: { [ME]: receipt(ME), [OTHER]: receipt(OTHER) },
  };
}

export function fail(why: string): never {
  throw new Error(why);
}
