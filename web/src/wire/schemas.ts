/**
 * What is checked, once, of all that comes from the wire or from disk: what the client relies on.
 *
 * Fields it does not know are dropped, kinds it does not know stay (the wire only grows), and what
 * may be null is there.
 */

import * as v from "valibot";
import type {
  Announcement,
  AnnouncementWithdrawn,
  Chat,
  ChatReceipt,
  ChatRemoved,
  ChatSync,
  ContactRequest,
  ErrorCode,
  EventError,
  JoinDecided,
  JoinRequested,
  Me,
  Member,
  Message,
  MessageType,
  MsgFailed,
  MsgQueued,
  MsgSent,
  OwnChange,
  PresenceStatus,
  PresenceUpdate,
  Reaction,
  Receipt,
  RemovalReason,
  RequestDirection,
  RevokeReason,
  Role,
  SendStatus,
  Session,
  Settings,
  Status,
  SyncAnswer,
  SyncChecked,
  SyncMode,
  SystemEvent,
  Timestamp,
  TypingKind,
  TypingUpdate,
  User,
  UserChange,
} from ".";

export type Schema<T> = v.GenericSchema<unknown, T>;

const id = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time: Schema<Timestamp> = v.pipe(v.string(), v.isoTimestamp());

/** One of the known words, or a newer one. */
const word = <T extends string>() => v.custom<T>((it) => typeof it === "string" && it.length > 0);
const nullable = <T>(schema: Schema<T>) => v.nullish(schema, null);
const kindOf = <T>(key: string) => v.custom<T>((it) => v.is(v.object({ [key]: v.string() }), it));

const avatar = v.object({ url: v.string(), thumbhash: v.string() });

export const user: Schema<User> = v.object({
  id,
  username: v.string(),
  displayName: v.string(),
  about: v.string(),
  avatar: nullable(avatar),
  lastSeenAt: nullable(time),
  isContact: v.boolean(),
  isBlocked: v.boolean(),
  isDeleted: v.optional(v.boolean()),
});

export const me: Schema<Me> = v.object({
  id,
  username: v.string(),
  displayName: v.string(),
  about: v.string(),
  avatar: nullable(avatar),
  email: v.string(),
  emailVerified: v.boolean(),
  emailSuppressed: v.optional(nullable(word<NonNullable<Me["emailSuppressed"]>>()), null),
  role: v.picklist(["user", "moderator", "admin"]),
  createdAt: time,
});

const reaction: Schema<Reaction> = v.object({
  emoji: v.string(),
  count,
  userIds: v.array(id),
  mine: v.boolean(),
});

export const message: Schema<Message> = v.object({
  id,
  chatId: id,
  seq: v.pipe(count, v.minValue(1)),
  rev: count,
  senderId: id,
  clientId: v.string(),
  type: word<MessageType>(),
  content: v.string(),
  media: v.pipe(
    v.array(v.unknown()),
    v.transform((): Message["media"] => []),
  ),
  replyTo: nullable(
    v.object({ id, senderId: id, seq: nullable(count), preview: v.string(), expiresAt: nullable(time) }),
  ),
  forwarded: v.boolean(),
  mentions: v.array(id),
  reactions: v.array(reaction),
  pinnedAt: nullable(time),
  createdAt: time,
  editedAt: nullable(time),
  deletedAt: nullable(time),
  expiresAt: nullable(time),
  system: nullable(kindOf<SystemEvent>("kind")),
});

export const receipt: Schema<Receipt> = v.object({ userId: id, deliveredSeq: count, readSeq: count });

export const joinRequested: Schema<JoinRequested> = v.object({ chatId: id, userId: id });
export const joinDecided: Schema<JoinDecided> = v.object({ chatId: id, approved: v.boolean() });

export const chat: Schema<Chat> = v.object({
  id,
  type: word<Chat["type"]>(),
  title: v.string(),
  about: v.string(),
  avatar: nullable(avatar),
  createdAt: time,
  memberCount: count,
  permissions: v.object({
    send: word<Role>(),
    addMembers: word<Role>(),
    editInfo: word<Role>(),
    pin: word<Role>(),
  }),
  slowModeSecs: v.optional(count, 0),
  historyVisible: v.optional(word<Chat["historyVisible"]>(), "all"),
  disappearAfterSecs: nullable(count),
  lastSeq: count,
  lastRev: count,
  lastMessage: nullable(message),
  peer: nullable(user),
  me: v.object({
    role: word<Role>(),
    historyFrom: v.optional(count, 1),
    readSeq: count,
    unread: count,
    mentions: count,
    mutedUntil: nullable(time),
    pinned: v.boolean(),
    archived: v.boolean(),
    draft: nullable(v.string()),
    unreadFrom: nullable(count),
  }),
  receipts: v.array(receipt),
});

export const member: Schema<Member> = v.object({ user, role: word<Role>(), joinedAt: time });

export const session: Schema<Session> = v.object({
  id,
  device: v.string(),
  address: v.string(),
  createdAt: time,
  lastUsedAt: time,
  current: v.boolean(),
});

type Audience = Settings["privacy"]["about"];
type Approach = Settings["privacy"]["whoCanMessage"];

export const settings: Schema<Settings> = v.object({
  privacy: v.object({
    lastSeen: word<Audience>(),
    avatar: word<Audience>(),
    about: word<Audience>(),
    readReceipts: word<Audience>(),
    whoCanMessage: word<Approach>(),
    whoCanAddToGroups: word<Approach>(),
    findByEmail: v.boolean(),
  }),
  notifications: v.object({
    emailDigest: word<Settings["notifications"]["emailDigest"]>(),
    newLogin: v.boolean(),
  }),
  theme: word<Settings["theme"]>(),
  locale: v.string(),
});

export const contactRequest: Schema<ContactRequest> = v.object({
  id,
  direction: word<RequestDirection>(),
  user,
  note: v.string(),
  accepted: v.boolean(),
  createdAt: time,
});

export const announcement: Schema<Announcement> = v.object({
  id,
  content: v.string(),
  level: word<Announcement["level"]>(),
  createdAt: time,
  until: nullable(time),
  dismissed: v.boolean(),
});

export const announcementWithdrawn: Schema<AnnouncementWithdrawn> = v.object({ id });

/** Of the kinds whose data is kept as it is. */
const KEPT: Readonly<Record<string, v.GenericSchema>> = {
  settings,
  blocks: v.object({ userId: id, blocked: v.boolean() }),
  contacts: v.object({ userId: id, isContact: v.boolean() }),
};

export const userChange: Schema<UserChange> = v.pipe(
  v.looseObject({ userRev: count, at: time, kind: v.string(), data: v.looseObject({}) }),
  v.check(({ kind, data }) => v.is(KEPT[kind] ?? v.unknown(), data)),
  v.transform((it) => it as unknown as OwnChange & { userRev: number; at: Timestamp }),
);

const chatSync: Schema<ChatSync> = v.object({
  chat,
  mode: word<SyncMode>(),
  messages: v.array(message),
  toRev: count,
});

const chatReceipt: Schema<ChatReceipt> = v.object({
  chatId: id,
  userId: id,
  deliveredSeq: count,
  readSeq: count,
});

export const syncAnswer: Schema<SyncAnswer> = v.object({
  userRev: count,
  me: v.array(userChange),
  chats: v.array(chatSync),
  removed: v.array(id),
  receipts: v.array(chatReceipt),
  receiptsCursor: v.string(),
  more: v.boolean(),
});

export const syncChecked: Schema<SyncChecked> = v.object({ stale: v.array(id), userStale: v.boolean() });

export const eventError: Schema<EventError> = v.object({
  code: word<ErrorCode>(),
  message: v.string(),
  retryable: v.boolean(),
  retryAfterMs: nullable(count),
});

export const msgSent: Schema<MsgSent> = v.object({
  status: word<SendStatus>(),
  id,
  clientId: v.string(),
  seq: nullable(count),
});

export const msgQueued: Schema<MsgQueued> = v.object({
  id,
  clientId: v.string(),
  chatId: id,
  status: word<SendStatus>(),
});

export const msgFailed: Schema<MsgFailed> = v.object({
  id,
  clientId: v.string(),
  chatId: id,
  error: eventError,
});

export const status: Schema<Status> = v.object({ chatId: id, userId: id, seq: count, at: time });

export const chatRemoved: Schema<ChatRemoved> = v.object({ chatId: id, reason: word<RemovalReason>() });

export const presenceUpdate: Schema<PresenceUpdate> = v.object({
  userId: id,
  status: word<PresenceStatus>(),
  lastSeenAt: nullable(time),
});

export const typingUpdate: Schema<TypingUpdate> = v.object({
  chatId: id,
  userId: id,
  kind: word<TypingKind>(),
  typing: v.boolean(),
});

export const userUpdated = v.object({ userId: id });
export const sessionRevoked = v.object({ reason: word<RevokeReason>() });
export const serverDraining = v.object({ reconnectAfterMs: count });
export const authExpiring = v.object({ expiresAt: time });
export const connectRefusal = v.object({ code: word<ErrorCode>(), retryAfterMs: nullable(count) });
export const changeQueued = v.object({ status: word<SendStatus>(), id });
export const done = v.object({ ok: v.boolean() });
