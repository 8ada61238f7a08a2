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

test("what failed stands before what was said as long as it is newer, and is marked after that", () => {
  const said = entry("direct", { createdAt: "2026-01-01T12:00:00.000Z" });
  const wrote = (state: Pending["state"], hour: number) =>
    ({ content: "mine", state, createdAt: `2026-01-01T${hour}:00:00.000Z` }) as Pending;
  check(said, { outbox: [wrote("failed", 13)] }, { text: "mine", tick: "failed", unsent: 0 });
  check(said, { outbox: [wrote("failed", 11)] }, { text: "hi there", tick: null, unsent: 1 });
  check(said, { outbox: [wrote("waiting", 11)] }, { text: "mine", tick: "waiting", unsent: 0 });
  const both = [wrote("waiting", 10), wrote("failed", 11)];
  check(said, { outbox: both }, { text: "mine", tick: "waiting", unsent: 1 });
  check(said, { outbox: [wrote("failed", 11)], draft }, { kind: "draft", unsent: 1 });
  check(entry("direct", null), { outbox: [wrote("failed", 11)] }, { text: "mine", tick: "failed" });
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
