/** What the client keeps on disk. Never in the way: a disk that fails is given up, and work goes on. */

import { type Change, chatOf } from "../sync/account";
import type { Room } from "../sync/chat";
import type { EmojiHabits } from "../sync/model";
import type { Entry } from "../sync/outbox";
import type { Run } from "../sync/timeline";
import type { Wished } from "../sync/wishes";
import type { ChatId, Me, Message, MessageId, User, UserId } from "../wire";
import { writeRooms } from "./chats";
import { findMessage, runAfter, runAround, runBefore, writeChanges } from "./messages";
import { forgetGoing, type Going, writeGoing } from "./pending";
import { sizeOf } from "./ranges";
import * as rows from "./rows";
import { type Database, databaseOf } from "./schema";
import { messagesOf, type Place, type Text, textsOf } from "./texts";

export type { Left } from "./pending";
export type { AccountRow, DraftRow } from "./rows";
export type { Text } from "./texts";

export interface Loaded {
  me: Me | null;
  account: rows.AccountRow | null;
  rooms: Room[];
  users: User[];
  outbox: Entry[];
  wishes: Wished[];
  drafts: rows.DraftRow[];
  habits: EmojiHabits | null;
}

/** Written together or not at all. */
export interface Saving extends Going {
  rooms: readonly Room[];
  changes: readonly Change[];
  /** The `rev` of each chat that `changes` speak of, as it is after them. */
  revs: Readonly<Record<ChatId, number>>;
  /** All of the user's own changes up to this one are in `rooms`. */
  userRev: number;
  account: rows.AccountRow | null;
}

export interface Disk {
  isOff(): boolean;
  load(): Promise<Loaded>;
  save(saving: Saving): Promise<void>;
  saveMe(me: Me): Promise<void>;
  saveHabits(habits: EmojiHabits): Promise<void>;
  saveUsers(users: readonly User[]): Promise<void>;
  outbox(): Promise<Entry[]>;
  wishes(): Promise<Wished[]>;
  draft(chat: ChatId): Promise<rows.DraftRow | null>;
  saveDraft(draft: rows.DraftRow): Promise<void>;
  runBefore(chat: ChatId, before: number, limit: number): Promise<Run | null>;
  runAfter(chat: ChatId, after: number, limit: number): Promise<Run | null>;
  runAround(chat: ChatId, seq: number, limit: number): Promise<Run | null>;
  /** As they were when somebody last knew. */
  pins(chat: ChatId): Promise<Message[] | null>;
  savePins(chat: ChatId, pins: readonly Message[]): Promise<void>;
  findMessage(id: MessageId): Promise<Message | null>;
  textsOf(chat: ChatId): Promise<Text[]>;
  messagesOf(texts: readonly Place[]): Promise<Message[]>;
  /** Forgets cached messages of the chats that come first until the rest is few enough. */
  evict(leastRecentFirst: readonly ChatId[], limit: number): Promise<void>;
  clearMessages(): Promise<void>;
  close(): void;
}

const EMPTY: Loaded = {
  me: null,
  account: null,
  rooms: [],
  users: [],
  outbox: [],
  wishes: [],
  drafts: [],
  habits: null,
};
const ACCOUNT = "account";
const ME = "me";
const EMOJI = "emoji";
const PINS = "pins ";

export function openDisk(user: UserId, onBroken: () => void): Disk {
  const db = databaseOf(user);
  let isOff = false;

  async function attempt<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    if (isOff) return otherwise;
    try {
      return await work();
    } catch {
      // Full, forbidden, deleted under us: the server has it all, and so has memory for now.
      if (!isOff) onBroken();
      isOff = true;
      return otherwise;
    }
  }

  return {
    isOff: () => isOff,
    load: () => attempt(() => load(db), EMPTY),
    save: (saving) => attempt(() => save(db, saving), undefined),
    saveMe: (me) => attempt(async () => void (await db.meta.put({ k: ME, value: me })), undefined),
    saveHabits: (habits) =>
      attempt(async () => void (await db.meta.put({ k: EMOJI, value: { ...habits } })), undefined),
    saveUsers: (users) =>
      attempt(async () => void (await db.users.bulkPut(users.map((it) => ({ ...it })))), undefined),
    outbox: () => attempt(async () => rows.checkAll(rows.entry, await db.outbox.toArray()), []),
    wishes: () => attempt(async () => rows.checkAll(rows.wished, await db.wishes.toArray()), []),
    draft: (chat) => attempt(async () => rows.check(rows.draft, await db.drafts.get(chat)), null),
    saveDraft: (draft) => attempt(() => saveDraft(db, draft), undefined),
    runBefore: (chat, before, limit) => attempt(() => runBefore(db, chat, before, limit), null),
    runAfter: (chat, after, limit) => attempt(() => runAfter(db, chat, after, limit), null),
    runAround: (chat, seq, limit) => attempt(() => runAround(db, chat, seq, limit), null),
    pins: (chat) => attempt(() => pinsOf(db, chat), null),
    savePins: (chat, pins) =>
      attempt(async () => void (await db.meta.put({ k: PINS + chat, value: [...pins] })), undefined),
    findMessage: (id) => attempt(() => findMessage(db, id), null),
    textsOf: (chat) => attempt(() => textsOf(db, chat), []),
    messagesOf: (texts) => attempt(() => messagesOf(db, texts), []),
    evict: (order, limit) => attempt(() => evict(db, order, limit), undefined),
    clearMessages: () => attempt(() => clearMessages(db), undefined),
    close() {
      isOff = true;
      db.close();
    },
  };
}

async function load(db: Database): Promise<Loaded> {
  await db.open();
  const tables = [db.meta, db.chats, db.users, db.outbox, db.wishes, db.drafts];
  return db.transaction("r", tables, async () => ({
    me: rows.check(rows.me, (await db.meta.get(ME))?.value),
    account: rows.check(rows.account, (await db.meta.get(ACCOUNT))?.value),
    rooms: rows.checkAll(rows.roomRow, await db.chats.toArray()).map((row) => ({ ...row, ahead: [] })),
    users: rows.checkAll(rows.user, await db.users.toArray()),
    outbox: rows.checkAll(rows.entry, await db.outbox.toArray()),
    wishes: rows.checkAll(rows.wished, await db.wishes.toArray()),
    drafts: rows.checkAll(rows.draft, await db.drafts.toArray()),
    habits: rows.check(rows.habits, (await db.meta.get(EMOJI))?.value),
  }));
}

async function save(db: Database, saving: Saving): Promise<void> {
  const tables = [db.meta, db.chats, db.messages, db.ranges, db.outbox, db.wishes, db.drafts];
  await db.transaction("rw", tables, async () => {
    const behind = await behindOf(db, saving.revs);
    for (const [chat, changes] of byChat(saving.changes)) {
      await writeChanges(db, chat, changes, behind.has(chat));
      if (changes.some((change) => change.kind === "removed")) await forgetChat(db, chat);
    }
    await writeRooms(db, saving.rooms, saving.userRev);
    await writeGoing(db, saving);
    if (saving.account) await saveAccount(db, saving.account);
  });
}

/** Chats of which another tab has written more than this one knows. */
async function behindOf(db: Database, revs: Saving["revs"]): Promise<Set<ChatId>> {
  const ids = Object.keys(revs);
  if (ids.length === 0) return new Set();
  const there = await db.chats.bulkGet(ids);
  return new Set(ids.filter((id, at) => Number(there[at]?.rev ?? 0) > (revs[id] ?? 0)));
}

function byChat(changes: readonly Change[]): Map<ChatId, Change[]> {
  const sorted = new Map<ChatId, Change[]>();
  for (const change of changes) {
    const chat = chatOf(change);
    sorted.set(chat, [...(sorted.get(chat) ?? []), change]);
  }
  return sorted;
}

async function forgetChat(db: Database, chat: ChatId): Promise<void> {
  await db.chats.delete(chat);
  await db.drafts.delete(chat);
  await db.meta.delete(PINS + chat);
  await forgetGoing(db, chat);
}

async function saveAccount(db: Database, account: rows.AccountRow): Promise<void> {
  const there = rows.check(rows.account, (await db.meta.get(ACCOUNT))?.value);
  if (there && there.userRev > account.userRev) return;
  await db.meta.put({ k: ACCOUNT, value: account });
}

async function pinsOf(db: Database, chat: ChatId): Promise<Message[] | null> {
  const row = await db.meta.get(PINS + chat);
  return Array.isArray(row?.value) ? rows.checkAll(rows.message, row.value) : null;
}

async function saveDraft(db: Database, draft: rows.DraftRow): Promise<void> {
  const isEmpty = draft.content === "" && draft.replyTo === null && !draft.isUntold;
  if (isEmpty) await db.drafts.delete(draft.chatId);
  else await db.drafts.put({ ...draft });
}

async function evict(db: Database, leastRecentFirst: readonly ChatId[], limit: number): Promise<void> {
  await db.transaction("rw", [db.messages, db.ranges], async () => {
    const ranges = await db.ranges.toArray();
    const spans = ranges.map(({ chatId, fromSeq, toSeq }) => ({ chatId, from: fromSeq, to: toSeq }));
    let kept = sizeOf(spans);
    for (const chat of leastRecentFirst) {
      if (kept <= limit) return;
      kept -= sizeOf(spans.filter((span) => span.chatId === chat));
      await writeChanges(db, chat, [{ kind: "reset", chatId: chat }], false);
    }
  });
}

async function clearMessages(db: Database): Promise<void> {
  await db.transaction("rw", [db.messages, db.ranges, db.meta], async () => {
    await db.meta.where("k").startsWith(PINS).delete();
    await db.messages.clear();
    await db.ranges.clear();
  });
}
