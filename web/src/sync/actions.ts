/** What screens can do once somebody is signed in: each by the part of the engine it belongs to. */

import type { Rest } from "../net/rest";
import type { Chat, ChatId, Me, Message, MessageId, OwnChange, Settings, UserId } from "../wire";
import type { accountActions } from "./account-actions";
import type { AccountEngine } from "./account-engine";
import { changeHabits, withUsed } from "./habits";
import type { Messenger } from "./messenger";
import type { Mark, Pending, Wish } from "./model";
import { asked } from "./refusal";
import { merged } from "./settings";

type Elsewhere =
  | keyof ReturnType<typeof accountActions>
  | "store"
  | "signUp"
  | "signIn"
  | "signInByPasskey"
  | "signInByTicket"
  | "signUpByTicket"
  | "signOut"
  | "signOutEverywhere"
  | "deleteAccount"
  | "storageUsed";
type Actions = Omit<Messenger, Elsewhere>;

/** `engine` refuses where nobody is signed in; `last` is null then. */
export function createActions(
  engine: () => AccountEngine,
  last: () => AccountEngine | null,
  rest: Rest,
  become: (me: Me) => void,
): Actions {
  return {
    ...chatView(engine),
    ...farewells(last),
    ...messageActions(engine, rest),
    ...changes(engine),
    ...chatActions(engine, rest),
    ...inviteActions(engine, rest),
    ...peopleActions(engine, rest, become),
    ...bondActions(engine, rest),
    ...settingsActions(engine, rest),
    ...safetyActions(engine, rest),
    ...emojiActions(engine),
  };
}

function chatView(engine: () => AccountEngine) {
  return {
    openChat: async (id, at) => {
      const { core, history, people, signals, joiners, pins } = engine();
      signals.lookAt(id);
      if (!core.account().rooms[id]) await asked(adopt(engine(), id));
      await asked(history.open(id, at));
      const chat = core.account().rooms[id]?.chat;
      if (chat?.type === "group") people.needMembers(id);
      joiners.refresh(id);
      // The bar does without an answer, too.
      pins.load(id).catch(() => {});
    },
    foresee: (id) => void engine().history.foresee(id),
    loadPins: (id) => asked(engine().pins.load(id)),
    divide: (id) => engine().history.divide(id),
    loadOlder: (id) => engine().history.loadOlder(id),
    loadNewer: (id) => engine().history.loadNewer(id),
    jumpTo: (id, seq) => asked(engine().history.jumpTo(id, seq)),
    jumpToMessage: (id, message) => asked(engine().history.jumpToMessage(id, message)),
    messageOf: (id, message) => asked(engine().history.messageOf(id, message)),
    jumpToMention: (id) => asked(engine().history.jumpToMention(id)),
    jumpToLatest: (id) => asked(engine().history.jumpToLatest(id)),
    setDraft: (id, draft) => engine().drafts.set(id, draft),
    typing: (id) => engine().signals.typing(id),
    clearCache: async () => {
      const { core, disk } = engine();
      await core.keeper.flush();
      await disk.clearMessages();
    },
  } satisfies Partial<Actions>;
}

function emojiActions(engine: () => AccountEngine) {
  return {
    usedEmoji: (emoji) => changeHabits(engine(), (now) => withUsed(now, emoji)),
    chooseTone: (tone) => changeHabits(engine(), (now) => ({ ...now, tone })),
    emojiNames: async (language) => asked((await import("../net/emoji")).emojiNames(language)),
  } satisfies Partial<Actions>;
}

/** Said by screens that go away, which may be because the session has ended. */
function farewells(last: () => AccountEngine | null) {
  return {
    closeChat: (id) => {
      last()?.history.close(id);
      last()?.signals.lookAt(null);
    },
    setEdit: (id, edit) => last()?.core.setEdit(id, edit),
    stopTyping: (id) => last()?.signals.stopTyping(id),
    watchPresence: (who, users) => last()?.signals.watchPresence(who, users),
  } satisfies Partial<Actions>;
}

/** A link may lead to a chat that is not in the list yet. */
async function adopt({ core, rest, hear }: AccountEngine, id: ChatId) {
  const chat = await rest.chats.get(id);
  hear.newChat(chat);
  if (chat.peer) core.learn([chat.peer]);
}

function messageActions(engine: () => AccountEngine, rest: Rest) {
  return {
    send: (id, { content, replyTo }) => {
      const { core, courier, history, signals } = engine();
      const quoted = replyTo && { id: replyTo.id, senderId: replyTo.senderId, preview: replyTo.content };
      core.changeTimeline(id, (timeline) => ({ ...timeline, dividerSeq: null }));
      courier.send(id, { content, replyTo: quoted });
      signals.stopTyping(id);
      history.jumpToOwn(id);
    },
    retry: (clientId) => engine().courier.retry(clientId),
    retryAll: (id) => engine().courier.retryAll(id),
    discard: (pending) => {
      const id = arrivedAs(engine(), pending);
      if (id) engine().envoy.wish(pending.chatId, id, { kind: "delete" });
      else engine().courier.discard(pending.clientId);
    },
    amend: (pending, content) => {
      const id = arrivedAs(engine(), pending);
      if (id) engine().envoy.wish(pending.chatId, id, { kind: "edit", content });
      else engine().courier.amend(pending.clientId, content);
    },
    forward: async (message, to, key) => void (await asked(rest.messages.forward(message.id, to, key))),
    receiptsOf: (message) => asked(rest.messages.receipts(message.id)),
    ledgerOf: (message) => asked(rest.messages.ledger(message.id)),
    historyOf: (message) => asked(rest.messages.history(message.id)),
    searchDevice: (...wish) => engine().finder.find(...wish),
    prepareSearch: () => engine().finder.prepare(),
    searchMessages: async ({ query, ...filters }, cursor) => {
      const page = await asked(rest.search.messages({ q: query, ...filters, cursor, limit: 20 }));
      return { items: page.messages, nextCursor: page.nextCursor ?? null };
    },
    starredMessages: async (cursor) => {
      const page = await asked(rest.starred.list({ cursor }));
      return { items: page.messages, nextCursor: page.nextCursor ?? null };
    },
  } satisfies Partial<Actions>;
}

/** It may have come while somebody looked at it. */
function arrivedAs({ core }: AccountEngine, { chatId, clientId }: Pending): MessageId | null {
  const messages = core.account().timelines[chatId]?.messages ?? [];
  const shown = messages.find((message) => message.senderId === core.me && message.clientId === clientId);
  return shown?.id ?? core.leftAs(clientId);
}

function changes(engine: () => AccountEngine) {
  const wish = ({ chatId, id }: Message, wanted: Wish) => engine().envoy.wish(chatId, id, wanted);
  const mark = (id: ChatId, wanted: Mark) => engine().envoy.wish(id, null, { kind: "mark", mark: wanted });
  return {
    edit: (message, content) => wish(message, { kind: "edit", content }),
    remove: (message, scope) => wish(message, { kind: scope === "me" ? "hide" : "delete" }),
    react: (message, emoji, on) => wish(message, { kind: "react", emoji, on }),
    pin: (message, on) => wish(message, { kind: "pin", on }),
    star: (message, on) => wish(message, { kind: "star", on }),
    updateMine: (id, { pinned, archived, mutedUntil }) => {
      if (pinned !== undefined) mark(id, { name: "pinned", value: pinned });
      if (archived !== undefined) mark(id, { name: "archived", value: archived });
      if (mutedUntil !== undefined) mark(id, { name: "mutedUntil", value: mutedUntil });
    },
    markUnread: (id, fromSeq) => mark(id, { name: "unreadFrom", value: fromSeq }),
    markRead: (id, seq) => {
      const { envoy, watermarks } = engine();
      const marked = envoy.unreadMark(id);
      if (marked && isReadBy(marked, seq)) mark(id, { name: "unreadFrom", value: null });
      watermarks.markRead(id, seq);
    },
    retryChange: (change) => engine().envoy.retry(change),
    discardChange: (change) => engine().envoy.discard(change),
  } satisfies Partial<Actions>;
}

/** Whether a mark that is still on its way is undone by reading so far. */
function isReadBy(wish: Wish, seq: number): boolean {
  return wish.kind === "mark" && wish.mark.name === "unreadFrom" && seq >= (wish.mark.value ?? Infinity);
}

function chatActions(engine: () => AccountEngine, rest: Rest) {
  const take = (chat: Chat) => engine().hear.chat(chat);

  async function create(...wish: Parameters<Rest["chats"]["create"]>): Promise<ChatId> {
    const chat = await asked(rest.chats.create(...wish));
    const { core, hear } = engine();
    hear.newChat(chat);
    if (chat.peer) core.learn([chat.peer]);
    return chat.id;
  }

  return {
    createDirect: async (peer) =>
      directWith(engine(), peer) ?? create({ type: "direct", memberIds: [peer] }, crypto.randomUUID()),
    createGroup: (title, members, key) => create({ type: "group", title, memberIds: members }, key),
    updateChat: async (id, patch) => take(await asked(rest.chats.update(id, patch))),
    leave: async (id) => {
      await asked(rest.chats.leave(id));
      engine().hear.removed({ chatId: id, reason: "left" });
    },
    deleteChat: async (id) => {
      await asked(rest.chats.remove(id));
      engine().hear.removed({ chatId: id, reason: "deleted" });
    },
    members: async (id, cursor) => {
      const page = await asked(rest.chats.members(id, { cursor, limit: 200 }));
      engine().mentions.met(id, page.members);
      const people = engine().people.met(page.members.map((member) => member.user));
      const items = page.members.map((member, at) => ({ ...member, user: people[at] ?? member.user }));
      return { items, nextCursor: page.nextCursor ?? null };
    },
    addMembers: async (id, users) => take(await asked(rest.chats.addMembers(id, users))),
    removeMember: (id, user) => asked(rest.chats.removeMember(id, user)),
    changeRole: async (id, user, role) => take(await asked(rest.chats.changeRole(id, user, role))),
  } satisfies Partial<Actions>;
}

/** One that is here opens without the server. */
function directWith({ core }: AccountEngine, peer: UserId): ChatId | undefined {
  const rooms = Object.values(core.account().rooms);
  return rooms.find(({ chat }) => chat.type === "direct" && chat.peer?.id === peer)?.chat.id;
}

function inviteActions(engine: () => AccountEngine, rest: Rest) {
  return {
    invites: async (id) => (await asked(rest.invites.list(id))).invites,
    createInvite: async (id, wish) => (await asked(rest.invites.create(id, wish))).invite,
    revokeInvite: async (id, code) => void (await asked(rest.invites.revoke(id, code))),
    previewInvite: async (code) => (await asked(rest.invites.preview(code))).invite,
    join: async (code) => {
      const { chat } = await asked(rest.invites.join(code));
      if (!chat) return null;
      engine().hear.newChat(chat);
      return chat.id;
    },
    loadJoiners: (id) => asked(engine().joiners.load(id)),
    decideJoin: (id, user, isIn) => asked(engine().joiners.decide(id, user, isIn)),
  } satisfies Partial<Actions>;
}

function peopleActions(engine: () => AccountEngine, rest: Rest, become: (me: Me) => void) {
  return {
    searchPeople: async (query, cursor) => {
      const page = await asked(rest.users.search(query, { cursor }));
      return { items: engine().people.met(page.users), nextCursor: page.nextCursor ?? null };
    },
    user: async (id) => {
      const user = await asked(rest.users.get(id));
      engine().core.learn([user]);
      return user;
    },
    updateMe: async (patch) => become(await asked(rest.users.updateMe(patch))),
    sessions: () => asked(rest.sessions.list()),
    endSession: (id) => asked(rest.sessions.end(id)),
  } satisfies Partial<Actions>;
}

/** What one is to others: told by the server's answer, before the event that counts it. */
function bondActions(engine: () => AccountEngine, rest: Rest) {
  const show = (change: OwnChange) => engine().hear.own(change);
  const setContact = (userId: UserId, isContact: boolean, nickname: string | null) =>
    show({ kind: "contacts", data: { userId, isContact, nickname } });
  const setBlocked = (userId: UserId, blocked: boolean) =>
    show({ kind: "blocks", data: { userId, blocked } });

  return {
    addContact: async (wish) => {
      const { contact, request } = await asked(rest.contacts.add(wish));
      engine().core.learn([contact.user]);
      setContact(contact.user.id, true, contact.nickname);
      if (request) engine().requests.hear(request);
      return request;
    },
    renameContact: async (id, nickname) => {
      const { contact } = await asked(rest.contacts.rename(id, nickname));
      setContact(id, true, contact.nickname);
    },
    removeContact: async (id) => {
      await asked(rest.contacts.remove(id));
      setContact(id, false, null);
    },
    acceptRequest: async (id) => {
      const request = await asked(rest.contacts.accept(id));
      engine().requests.hear(request);
      setContact(request.user.id, true, null);
    },
    declineRequest: async (id) => {
      await asked(rest.contacts.decline(id));
      engine().requests.drop(id);
    },
    loadRequests: () => asked(engine().requests.load()),
    block: async (id) => {
      const user = await asked(rest.blocks.block(id));
      setBlocked(id, true);
      engine().core.learn([user]);
    },
    unblock: async (id) => {
      await asked(rest.blocks.unblock(id));
      setBlocked(id, false);
    },
  } satisfies Partial<Actions>;
}

function safetyActions(engine: () => AccountEngine, rest: Rest) {
  return {
    report: (wish) => asked(rest.report(wish)),
    dismissAnnouncement: (id) => asked(engine().announcements.dismiss(id)),
    staff: async () => (await import("./staff")).staffOf(rest),
  } satisfies Partial<Actions>;
}

function settingsActions(engine: () => AccountEngine, rest: Rest) {
  return {
    settings: async () => engine().core.account().settings ?? (await asked(rest.users.settings())),
    updateSettings: async (patch) => {
      const { core, hear } = engine();
      const before = core.account().settings;
      const show = (data: Settings) => hear.own({ kind: "settings", data });
      if (before) show(merged(before, patch));
      try {
        show(await asked(rest.users.updateSettings(patch)));
      } catch (error) {
        if (before) show(before);
        throw error;
      }
    },
  } satisfies Partial<Actions>;
}
