/** All that is known of one account's chats: pure data, and what of it changed. */

import type { ChatId, Message, MessageId, RemovalReason, Settings, UserId } from "../wire";
import type { Room } from "./chat";
import type { Contacts, Timeline } from "./model";

export interface Account {
  me: UserId;
  userRev: number;
  /** The highest `userRev` heard of. */
  knownUserRev: number;
  receiptsCursor: string | null;
  /** Whether a `sync` has been seen to its end: the list holds every chat. */
  isComplete: boolean;
  rooms: Readonly<Record<ChatId, Room>>;
  timelines: Readonly<Record<ChatId, Timeline>>;
  starred: ReadonlySet<MessageId>;
  /** Deleted for this user alone; a later change of one must not bring it back. */
  hidden: ReadonlySet<MessageId>;
  contacts: Contacts;
  blocked: ReadonlySet<UserId>;
  /** Null as long as the user has chosen nothing. */
  settings: Settings | null;
  /** Chats that an event told of and that are not here. */
  unknown: ReadonlySet<ChatId>;
  gone: Readonly<Record<ChatId, RemovalReason | null>>;
}

/** What happened to messages, for the disk and for loads that are under way. */
export type Change =
  | { kind: "message"; message: Message }
  /** All messages of these `seq` are known. */
  | { kind: "covered"; chatId: ChatId; from: number; to: number }
  /** What was known of the chat's messages may be out of date: begin anew. */
  | { kind: "reset"; chatId: ChatId }
  | { kind: "hidden"; chatId: ChatId; messageId: MessageId }
  | { kind: "removed"; chatId: ChatId };

export function chatOf(change: Change): ChatId {
  return change.kind === "message" ? change.message.chatId : change.chatId;
}

export function emptyAccount(me: UserId): Account {
  return {
    me,
    userRev: 0,
    knownUserRev: 0,
    receiptsCursor: null,
    isComplete: false,
    rooms: {},
    timelines: {},
    starred: new Set(),
    hidden: new Set(),
    contacts: {},
    blocked: new Set(),
    settings: null,
    unknown: new Set(),
    gone: {},
  };
}

export interface Step {
  account: Account;
  changes: readonly Change[];
}

/** An account while it changes: records and sets are copied when first written to. */
export class Draft {
  readonly changes: Change[] = [];
  private readonly next: { -readonly [K in keyof Account]: Account[K] };

  constructor(private readonly before: Account) {
    this.next = { ...before };
  }

  get account(): Readonly<Account> {
    return this.next;
  }

  set(patch: Partial<Account>) {
    Object.assign(this.next, patch);
  }

  room(id: ChatId): Room | undefined {
    return this.next.rooms[id];
  }

  setRoom(room: Room) {
    const id = room.chat.id;
    if (this.next.rooms[id] === room) return;
    if (this.next.rooms === this.before.rooms) this.next.rooms = { ...this.before.rooms };
    (this.next.rooms as Record<ChatId, Room>)[id] = room;
  }

  timeline(id: ChatId): Timeline | undefined {
    return this.next.timelines[id];
  }

  setTimeline(timeline: Timeline) {
    if (this.next.timelines[timeline.chatId] === timeline) return;
    this.next.timelines = { ...this.next.timelines, [timeline.chatId]: timeline };
  }

  mark(set: "starred" | "hidden" | "blocked" | "unknown", id: MessageId | UserId | ChatId, on: boolean) {
    if (this.next[set].has(id) === on) return;
    const copy = new Set(this.next[set]);
    if (on) copy.add(id);
    else copy.delete(id);
    this.next[set] = copy;
  }

  setContact(id: UserId, isContact: boolean, nickname: string | null) {
    const { [id]: _, ...others } = this.next.contacts;
    this.set({ contacts: isContact ? { ...others, [id]: nickname } : others });
  }

  /** The chat is not the user's any more: nothing of it stays. */
  remove(id: ChatId, reason: RemovalReason | null) {
    this.mark("unknown", id, false);
    if (!this.next.rooms[id]) return;
    const { [id]: _room, ...rooms } = this.next.rooms;
    const { [id]: _timeline, ...timelines } = this.next.timelines;
    this.set({ rooms, timelines, gone: { ...this.next.gone, [id]: reason } });
    this.changes.push({ kind: "removed", chatId: id });
  }

  step(): Step {
    return { account: this.next, changes: this.changes };
  }
}
