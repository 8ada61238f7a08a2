/** The server's routes, in groups. Everything rejects with `NetError`. */

import * as v from "valibot";
import type {
  AddContact,
  ChatId,
  CreateChat,
  DeleteScope,
  Edit,
  FileReport,
  LedgerEntry,
  MessageId,
  MessageReceipt,
  Role,
  SessionId,
  Timestamp,
  UpdateChat,
  UpdateChatMe,
  UpdateMe,
  UpdateSettings,
  UserId,
} from "../wire";
import type { components } from "../wire/rest";
import * as schemas from "../wire/schemas";
import { account } from "./account";
import { ask, type Client, clientOf, read } from "./ask";
import { invites } from "./invites";
import type { Session } from "./session";

const chatAnswer = under("chat", schemas.chat);
const messageAnswer = under("message", schemas.message);
const userAnswer = under("user", schemas.user);
const meAnswer = under("user", schemas.me);
const settingsAnswer = under("settings", schemas.settings);
const requestAnswer = under("request", schemas.contactRequest);

const time = v.nullish(v.string(), null);
const receipt: schemas.Schema<MessageReceipt> = v.object({
  userId: v.string(),
  deliveredAt: time,
  readAt: time,
});
const edit: schemas.Schema<Edit> = v.object({ content: v.string(), writtenAt: v.string() });
const step = v.custom<LedgerEntry>((it) => v.is(v.object({ stage: v.string(), at: v.string() }), it));

const queued = under("messages", v.array(schemas.msgQueued));
const receiptsAnswer = under("receipts", v.array(receipt));
const historyAnswer = under("edits", v.array(edit));
const ledgerAnswer = under("ledger", v.array(step));

const cursor = v.nullish(v.string(), null);
const membersPage = v.object({ members: v.array(schemas.member), nextCursor: cursor });
const messagesPage = v.object({ messages: v.array(schemas.message), nextCursor: cursor });
const usersPage = v.object({ users: v.array(schemas.user), nextCursor: cursor });
const requestsPage = v.object({ requests: v.array(schemas.contactRequest), nextCursor: cursor });
const contact = v.object({ user: schemas.user, nickname: v.nullish(v.string(), null) });
const contactsPage = v.object({ contacts: v.array(contact), nextCursor: cursor });
const added = v.object({
  contact,
  request: v.nullish(schemas.contactRequest, null),
});
const messageList = under("messages", v.array(schemas.message));

export interface Paging {
  cursor?: string;
  limit?: number;
}

/** One of the first three, a `seq`; none: the newest. */
export interface PageWish {
  before?: number;
  after?: number;
  around?: number;
  limit?: number;
}

export interface SearchWish extends Paging {
  q: string;
  chatId?: ChatId;
  senderId?: UserId;
  from?: Timestamp;
}

type Whole = components["schemas"]["UpdateSettings"];

export type Rest = ReturnType<typeof rest>;

export function rest(session: Session, base: string = location.origin) {
  const client = clientOf(session, base);
  return {
    chats: { ...chats(client), ...members(client) },
    messages: { ...messages(client), ...marks(client) },
    account: account(client),
    invites: invites(client),
    users: users(client),
    contacts: contacts(client),
    blocks: blocks(client),
    search: search(client),
    starred: starred(client),
    sessions: sessions(client),
    announcements: announcements(client),
    report: (body: FileReport) => ask(client.POST("/api/v1/reports", { body })),
    exports: async () => (await import("./exports")).exports(client),
    staff: async () => (await import("./staff")).staff(client),
  };
}

function chats(client: Client) {
  return {
    create: (body: CreateChat, key: string) =>
      read(client.POST("/api/v1/chats", { body, headers: once(key) }), chatAnswer),
    get: (id: ChatId) => read(client.GET("/api/v1/chats/{id}", { params: { path: { id } } }), chatAnswer),
    update: (id: ChatId, body: UpdateChat) =>
      read(client.PATCH("/api/v1/chats/{id}", { params: { path: { id } }, body }), chatAnswer),
    mine: (id: ChatId, body: UpdateChatMe, key?: string) =>
      read(
        client.PATCH("/api/v1/chats/{id}/me", { params: { path: { id } }, body, headers: once(key) }),
        chatAnswer,
      ),
    leave: (id: ChatId) => ask(client.POST("/api/v1/chats/{id}/leave", { params: { path: { id } } })),
    remove: (id: ChatId) => ask(client.DELETE("/api/v1/chats/{id}", { params: { path: { id } } })),
  };
}

function members(client: Client) {
  return {
    members: (id: ChatId, query: Paging = {}) => {
      const params = { path: { id }, query };
      return read(client.GET("/api/v1/chats/{id}/members", { params }), membersPage);
    },
    addMembers: (id: ChatId, userIds: UserId[]) => {
      const params = { path: { id } };
      return read(client.POST("/api/v1/chats/{id}/members", { params, body: { userIds } }), chatAnswer);
    },
    removeMember: (id: ChatId, userId: UserId) =>
      ask(client.DELETE("/api/v1/chats/{id}/members/{userId}", { params: { path: { id, userId } } })),
    changeRole: (id: ChatId, userId: UserId, role: Role) => {
      const params = { path: { id, userId } };
      return read(
        client.PATCH("/api/v1/chats/{id}/members/{userId}", { params, body: { role } }),
        chatAnswer,
      );
    },
  };
}

function messages(client: Client) {
  return {
    /** Newest first; with `after`, oldest first. */
    page: (id: ChatId, query: PageWish) => {
      const params = { path: { id }, query };
      return read(client.GET("/api/v1/chats/{id}/messages", { params }), messageList);
    },
    get: (id: MessageId) =>
      read(client.GET("/api/v1/messages/{id}", { params: { path: { id } } }), messageAnswer),
    edit: (id: MessageId, content: string, key: string) => {
      const init = { params: { path: { id } }, body: { content }, headers: once(key) };
      return read(client.PATCH("/api/v1/messages/{id}", init), messageAnswer);
    },
    remove: (id: MessageId, scope: DeleteScope, key: string) => {
      const init = { params: { path: { id }, query: { scope } }, headers: once(key) };
      return ask(client.DELETE("/api/v1/messages/{id}", init));
    },
    /** The last pinned first. */
    pins: async (id: ChatId, query: Paging = {}) => {
      const params = { path: { id }, query };
      const page = await read(client.GET("/api/v1/chats/{id}/pins", { params }), messagesPage);
      return { items: page.messages, nextCursor: page.nextCursor ?? null };
    },
    forward: (id: MessageId, chatIds: ChatId[], key: string) => {
      const init = { params: { path: { id } }, body: { chatIds }, headers: once(key) };
      return read(client.POST("/api/v1/messages/{id}/forward", init), queued);
    },
    receipts: (id: MessageId) =>
      read(client.GET("/api/v1/messages/{id}/receipts", { params: { path: { id } } }), receiptsAnswer),
    ledger: (id: MessageId) =>
      read(client.GET("/api/v1/messages/{id}/ledger", { params: { path: { id } } }), ledgerAnswer),
    history: (id: MessageId) =>
      read(client.GET("/api/v1/messages/{id}/history", { params: { path: { id } } }), historyAnswer),
  };
}

function marks(client: Client) {
  return {
    react: (id: MessageId, emoji: string, on: boolean, key: string) => {
      const route = "/api/v1/messages/{id}/reactions/{emoji}";
      const init = { params: { path: { id, emoji } }, headers: once(key) };
      return read(on ? client.PUT(route, init) : client.DELETE(route, init), messageAnswer);
    },
    pin: (id: MessageId, on: boolean, key: string) => {
      const init = { params: { path: { id } }, headers: once(key) };
      const route = "/api/v1/messages/{id}/pin";
      return read(on ? client.PUT(route, init) : client.DELETE(route, init), messageAnswer);
    },
    star: (id: MessageId, on: boolean, key: string) => {
      const init = { params: { path: { id } }, headers: once(key) };
      const route = "/api/v1/messages/{id}/star";
      return ask(on ? client.PUT(route, init) : client.DELETE(route, init));
    },
  };
}

function users(client: Client) {
  return {
    me: () => read(client.GET("/api/v1/users/me"), meAnswer),
    updateMe: (body: UpdateMe) => read(client.PATCH("/api/v1/users/me", { body }), meAnswer),
    settings: () => read(client.GET("/api/v1/users/me/settings"), settingsAnswer),
    updateSettings: (body: UpdateSettings) =>
      read(client.PATCH("/api/v1/users/me/settings", { body: body as Whole }), settingsAnswer),
    get: (id: UserId) => read(client.GET("/api/v1/users/{id}", { params: { path: { id } } }), userAnswer),
    search: (query: string, paging: Paging = {}) =>
      read(client.GET("/api/v1/users", { params: { query: { query, ...paging } } }), usersPage),
  };
}

function contacts(client: Client) {
  const one = (userId: UserId) => ({ params: { path: { userId } } });
  const request = (id: string) => ({ params: { path: { id } } });
  return {
    /** Only who they are: the rest is known by `sync`. */
    list: async (query: Paging = {}) => {
      const page = await read(client.GET("/api/v1/contacts", { params: { query } }), contactsPage);
      return { users: page.contacts.map((contact) => contact.user), nextCursor: page.nextCursor };
    },
    add: (body: AddContact) => read(client.POST("/api/v1/contacts", { body }), added),
    rename: (userId: UserId, nickname: string | null) =>
      read(client.PATCH("/api/v1/contacts/{userId}", { ...one(userId), body: { nickname } }), added),
    remove: (userId: UserId) => ask(client.DELETE("/api/v1/contacts/{userId}", one(userId))),
    requests: (query: Paging = {}) =>
      read(client.GET("/api/v1/contacts/requests", { params: { query } }), requestsPage),
    accept: (id: string) =>
      read(client.POST("/api/v1/contacts/requests/{id}/accept", request(id)), requestAnswer),
    decline: (id: string) => ask(client.POST("/api/v1/contacts/requests/{id}/decline", request(id))),
  };
}

function blocks(client: Client) {
  const one = (userId: UserId) => ({ params: { path: { userId } } });
  return {
    list: (query: Paging = {}) => read(client.GET("/api/v1/blocks", { params: { query } }), usersPage),
    block: (userId: UserId) => read(client.PUT("/api/v1/blocks/{userId}", one(userId)), userAnswer),
    unblock: (userId: UserId) => ask(client.DELETE("/api/v1/blocks/{userId}", one(userId))),
  };
}

function search(client: Client) {
  return {
    messages: (query: SearchWish) =>
      read(client.GET("/api/v1/search/messages", { params: { query } }), messagesPage),
  };
}

function starred(client: Client) {
  return {
    list: (query: Paging = {}) => read(client.GET("/api/v1/starred", { params: { query } }), messagesPage),
  };
}

function sessions(client: Client) {
  return {
    list: () => read(client.GET("/api/v1/auth/sessions"), under("sessions", v.array(schemas.session))),
    end: (id: SessionId) => ask(client.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } })),
  };
}

function announcements(client: Client) {
  return {
    list: () =>
      read(client.GET("/api/v1/announcements"), under("announcements", v.array(schemas.announcement))),
    dismiss: (id: string) =>
      ask(client.POST("/api/v1/announcements/{id}/dismiss", { params: { path: { id } } })),
  };
}

/** The same key makes a repeat harmless. */
function once(key: string | undefined) {
  return key === undefined ? {} : { "Idempotency-Key": key };
}

/** One object answers under its name. */
function under<T>(key: string, schema: schemas.Schema<T>): schemas.Schema<T> {
  return v.pipe(
    v.looseObject({ [key]: v.unknown() }),
    v.transform((it) => it[key]),
    schema,
  );
}
