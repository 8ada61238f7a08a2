import { beforeAll, expect, test } from "vitest";
import { speakInside } from "../../i18n";
import type { ChatEntry, Draft, Pending, Person, Typing } from "../../sync/model";
import type { Chat, Message } from "../../wire";
import { namedIn, previewOf } from "./preview";

beforeAll(speakInside);

const users = { ann: { id: "ann", displayName: "Ann" } as Person };

function entry(type: "direct" | "group", last: Partial<Message> | null): ChatEntry {
  const lastMessage = last && { seq: 5, content: "**hi** there", senderId: "ann", ...last };
  const receipts = { ann: { userId: "ann", deliveredSeq: 5, readSeq: 4 } };
  return { chat: { type, lastMessage } as Chat, receipts } as unknown as ChatEntry;
}

interface More {
  draft?: Draft;
  typing?: Typing[];
  outbox?: Pending[];
}

function check(chat: ChatEntry, more: More, wanted: Partial<ReturnType<typeof previewOf>>) {
  const facts = { draft: more.draft, typing: more.typing, outbox: more.outbox, users, me: "me" };
  expect(previewOf({ entry: chat, ...facts })).toMatchObject(wanted);
}

const draft = { content: "to be", replyTo: null };
const typing: Typing[] = [{ userId: "ann", kind: "text", until: 0 }];

test("a group's message says whose it is", () => {
  check(entry("group", {}), {}, { lead: "Ann:", text: "hi there", tick: null });
});

test("two people need no names", () => check(entry("direct", {}), {}, { lead: null, text: "hi there" }));

test("an own message shows how far it has come", () => {
  check(entry("direct", { senderId: "me" }), {}, { tick: "delivered" });
});

test("what waits to be sent stands before what was said", () => {
  const outbox = [{ content: "soon", state: "waiting" } as Pending];
  check(entry("direct", {}), { outbox }, { text: "soon", tick: "waiting" });
});

test("a draft stands before messages, typing before drafts", () => {
  check(entry("direct", {}), { draft }, { kind: "draft", lead: "Draft:", text: "to be" });
  check(entry("direct", {}), { draft, typing }, { kind: "typing", lead: null });
});

test("an empty draft is none", () => {
  check(entry("direct", {}), { draft: { content: "  ", replyTo: null } }, { kind: "plain" });
});

test("deleted messages and empty chats say so", () => {
  check(entry("direct", { deletedAt: "x" }), {}, { kind: "notice", text: "Message deleted" });
  check(entry("group", null), {}, { kind: "notice", text: "No messages yet" });
});

test("a row looks at nobody whom it does not name", () => {
  const named = (id: string) => ({ id, displayName: id }) as Person;
  const all = Object.fromEntries(["ann", "bob", "eve", "joe"].map((id) => [id, named(id)]));
  const system = { kind: "members_added" as const, userIds: ["bob"] };
  const row = entry("group", { system });
  expect(Object.keys(namedIn(all, row, [{ userId: "joe", kind: "text", until: 0 }])).toSorted()).toEqual([
    "ann",
    "bob",
    "joe",
  ]);
  expect(namedIn(all, undefined, undefined)).toEqual({});
});
