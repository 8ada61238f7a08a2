/**
 * What the screens show: one immutable state. Only `sync/` writes it.
 *
 * Messages of a chat are in memory only while it is open (`timelines`); all others are on disk.
 */

import type { Tone } from "../text/shortcodes";
import type {
  Announcement,
  BanNotice,
  Chat,
  ChatId,
  ContactRequest,
  ErrorCode,
  Hint,
  JoinRequest,
  Me,
  Message,
  MessageId,
  OidcProvider,
  PresenceStatus,
  Receipt,
  RemovalReason,
  RevokeReason,
  Settings,
  Timestamp,
  TypingKind,
  User,
  UserId,
} from "../wire";

export interface State {
  phase: Phase;
  me: Me | null;
  connection: Connection;
  /** By chat id; every chat the user is a member of, as far as it is known. */
  chats: Readonly<Record<ChatId, ChatEntry>>;
  /** Ids for the list: pinned first, then by last activity; archived ones too, screens filter. */
  order: readonly ChatId[];
  /** Whether the list is complete: false until the first `sync` after a cold start without cache. */
  isListComplete: boolean;
  users: Readonly<Record<UserId, Person>>;
  /** What the user calls their contacts; null: as they call themselves. */
  contacts: Contacts;
  blocked: ReadonlySet<UserId>;
  /** Those that wait, both ways, the latest first; null until they are known. */
  requests: readonly ContactRequest[] | null;
  /** Who waits to be let in, the longest first, by group that the user may let them into; as far as known. */
  joiners: Readonly<Record<ChatId, readonly JoinRequest[]>>;
  /** How many of the user's own wishes to be let in were decided: who waits looks again. */
  joinsDecided: number;
  /** What the user has chosen for all devices; null where nothing was chosen yet. */
  settings: Settings | null;
  presence: Readonly<Record<UserId, Presence>>;
  typing: Readonly<Record<ChatId, readonly Typing[]>>;
  /** Messages that are not on the server yet, in order, by chat. */
  outbox: Readonly<Record<ChatId, readonly Pending[]>>;
  /** Own changes that the server has not taken yet, in order, by chat; those that wait show already. */
  changes: Readonly<Record<ChatId, readonly PendingChange[]>>;
  drafts: Readonly<Record<ChatId, Draft>>;
  /** Other words for a message that are still being written: until the tab is closed. */
  edits: Readonly<Record<ChatId, HalfEdit>>;
  /** Which emoji the user likes, on this device. */
  emoji: EmojiHabits;
  starred: ReadonlySet<MessageId>;
  timelines: Readonly<Record<ChatId, Timeline>>;
  /** What is pinned in the chats that were opened, the last pinned first; as far as it is known. */
  pins: Readonly<Record<ChatId, readonly Message[]>>;
  /** Chats that were here and are not any more, and why if we were told. */
  gone: Readonly<Record<ChatId, RemovalReason | null>>;
  /** What was written there and never sent, of those: until the tab is closed. */
  lost: Readonly<Record<ChatId, Lost>>;
  /** What the server offers beyond the basics, by the names of `/.well-known/nexuschat`. */
  features: ReadonlySet<string>;
  /** Whose accounts sign in here. */
  providers: readonly OidcProvider[];
  /** What staff have to say and the user has not put away, the newest first. */
  announcements: readonly Announcement[];
  /** Why the session before this one ended, if not by the user. */
  endedBy: RevokeReason | "expired" | null;
  /** How many messages of it were never sent, and went with it. */
  lostAtEnd: number;
  /** What disk can't do any more, if anything: nothing is cached, sending goes on. */
  isCacheOff: boolean;
}

/** `starting`: reading the cache and asking who we are. */
export type Phase = "starting" | "signed-out" | "signed-in";

export type Connection =
  | { name: "connecting"; since: number }
  | { name: "online" }
  /** `syncing`: connected, catching up. */
  | { name: "syncing" }
  /** Nobody looks at this tab: it let go of its connection, and leaves the work to others. */
  | { name: "asleep" }
  /** The browser says there is no network. */
  | { name: "offline"; since: number }
  /** The server asked to come back later, or refuses for now. */
  | { name: "waiting"; since: number; retryAt: number };

export interface ChatEntry {
  /**
   * As the server gave it and events have changed it since: `me.unread`, `me.readSeq`,
   * `lastMessage`, `lastSeq`, title and role are current here. `receipts` is not: see below.
   */
  chat: Chat;
  /** All changes up to this one are applied. */
  rev: number;
  /** Watermarks by member, merged by the higher; empty in large groups. */
  receipts: Readonly<Record<UserId, Receipt>>;
  /** When the other one of a direct chat received and read, as far as this tab was told; the last at the end. */
  told?: readonly Told[];
  /** When something last happened, for the order of the list. */
  activeAt: Timestamp;
}

/** Messages with `seq` above `from` up to `to` came that far then. */
export interface Told {
  tick: "delivered" | "read";
  from: number;
  to: number;
  at: Timestamp;
}

/** Somebody as the server shows them, and as they are to this user. */
export interface Person extends User {
  nickname: string | null;
}

export type Contacts = Readonly<Record<UserId, string | null>>;

export interface Presence {
  status: PresenceStatus;
  lastSeenAt: Timestamp | null;
}

export interface Typing {
  userId: UserId;
  kind: TypingKind;
  /** Milliseconds of `Date.now()`. */
  until: number;
}

export interface EmojiHabits {
  /** The last one first. */
  recent: readonly string[];
  tone: Tone;
}

export interface Draft {
  content: string;
  replyTo: MessageId | null;
}

export type HalfEdit = { content: string } & (
  | { kind: "edit"; message: Message }
  | { kind: "amend"; pending: Pending }
);

export interface Lost {
  chat: Chat;
  messages: readonly string[];
  /** Empty: there was none. */
  draft: string;
}

/** A message on its way. Its `clientId` was born with it and never changes. */
export interface Pending {
  clientId: string;
  chatId: ChatId;
  content: string;
  replyTo: ReplyPreview | null;
  mentions: readonly UserId[];
  createdAt: Timestamp;
  state: "waiting" | "failed";
  /** `quote_gone`: what it answers was deleted; the next try goes without. */
  failure: WhyNot<"quote_gone"> | null;
}

/** Set when something failed: made from the server's code. */
export interface WhyNot<Else extends string = never> {
  code: ErrorCode | "expired" | Else;
  message: string;
  isRetryable: boolean;
}

/** A change to what is on the server, on its way there. */
export interface PendingChange {
  /** Born with it, and anew with each retry. */
  key: string;
  chatId: ChatId;
  /** Null where it is about the chat itself. */
  messageId: MessageId | null;
  wish: Wish;
  at: Timestamp;
  /** `failed`: refused, so that what the server has shows again. */
  state: "waiting" | "failed";
  failure: WhyNot | null;
}

export type Wish =
  | { kind: "edit"; content: string }
  | { kind: "delete" }
  | { kind: "hide" }
  | { kind: "react"; emoji: string; on: boolean }
  | { kind: "pin"; on: boolean }
  | { kind: "star"; on: boolean }
  /** One of the user's own marks on a chat. */
  | { kind: "mark"; mark: Mark };

export type Mark =
  | { name: "pinned" | "archived"; value: boolean }
  | { name: "mutedUntil"; value: Timestamp | null }
  | { name: "unreadFrom"; value: number | null };

export interface ReplyPreview {
  id: MessageId;
  senderId: UserId;
  preview: string;
}

/** The messages of one open chat that are loaded: one contiguous run of `seq`. */
export interface Timeline {
  chatId: ChatId;
  /** By `seq`, oldest first, without holes, tombstones included, those hidden from me left out. */
  messages: readonly Message[];
  /** The run: each `seq` of these is in `messages`, or hidden from me. `to < from`: none yet. */
  from: number;
  to: number;
  older: Edge;
  newer: Edge;
  /**
   * The first unread `seq` at the moment the chat was opened: where the divider stands until the
   * chat is left or the user sends something.
   */
  dividerSeq: number | null;
  /** Where to go and what to flash next; `nonce` tells two jumps to one place apart. */
  target: { seq: number; nonce: number } | null;
  /** Why the last loading failed. */
  failure: Failure | null;
}

/** `end`: there is nothing beyond. `failed`: show it with a way to try again. */
export type Edge = "more" | "loading" | "failed" | "end";

/** Why something did not work: for a toast, a field or a page. */
export interface Failure {
  /** `called_off`: by whoever sits before the browser, or by nobody in time. */
  code: ErrorCode | "offline" | "expired" | "called_off";
  /** The server's own words; screens prefer theirs, by `code`. */
  message: string;
  fields: Readonly<Record<string, string>>;
  /** What may help, where the server knows something. */
  hint: Hint | null;
  /** With `banned`: why, and until when. */
  ban?: BanNotice;
  retryAfterMs: number | null;
  isRetryable: boolean;
}

/** What a tick promises. `sent`: it has a `seq`. */
export type Tick = "waiting" | "sent" | "delivered" | "read" | "failed";
