import { expect, test } from "vitest";
import type { ChatSync, Message, SyncAnswer } from "../wire";
import { type Account, emptyAccount } from "./account";
import {
  applySync,
  hearMessage,
  hearNewChat,
  hearOwn,
  hearRemoved,
  hearStatus,
  hearsayIn,
  needsSync,
} from "./apply";
import { message } from "./testing/message";
import { ME, Server } from "./testing/server";

const server = () => new Server(() => {});
const chatOf = (from: Server) => from.view(from.at("a"));

function answer(parts: ChatSync[], rest: Partial<SyncAnswer> = {}): SyncAnswer {
  const base = { userRev: 0, me: [], removed: [], receipts: [], receiptsCursor: "0", more: false };
  return { ...base, chats: parts, ...rest };
}

const delta = (from: Server, messages: Message[], toRev = chatOf(from).lastRev): ChatSync => ({
  chat: chatOf(from),
  mode: "delta",
  messages,
  toRev,
});

const synced = (from: Server, account: Account = emptyAccount(ME)) =>
  applySync(account, from.sync({ userRev: 0, chats: {} }), new Set()).account;

test("an answer that is older than an event does not undo it", () => {
  const here = server();
  const before = synced(here);
  here.say("a");
  const late = answer([delta(here, [message(1)])]);
  here.erase("a", 0);
  let account = hearMessage(before, message(1)).account;
  expect(account.rooms.a?.chat.me.unread).toBe(1);
  const erased = message(1, { rev: 2, content: "", deletedAt: "2026-01-01T00:00:01.000Z" });
  account = hearMessage(account, erased).account;
  expect(account.rooms.a?.chat.me.unread).toBe(0);
  account = applySync(account, late, new Set()).account;
  expect(account.rooms.a?.chat.me.unread).toBe(0);
  expect(account.rooms.a?.rev).toBe(2);
});

test("a catch-up that is cut short is not called complete", () => {
  const here = server();
  const before = synced(here);
  for (let count = 0; count < 3; count += 1) here.say("a");
  here.change("a", 0, () => ({ content: "edited" }));
  const first = applySync(before, answer([delta(here, [message(2)], 2)], { more: true }), new Set());
  expect(first.changes.filter((change) => change.kind === "covered")).toEqual([]);
  expect([first.account.rooms.a?.seq, needsSync(first.account)]).toEqual([0, true]);
  const rest = [message(3), message(1, { rev: 4, content: "edited" })];
  const last = applySync(first.account, answer([delta(here, rest)]), new Set());
  const told = last.changes.flatMap((change) => (change.kind === "message" ? [change.message.seq] : []));
  expect([...new Set(told)].sort()).toEqual([1, 2, 3]);
  expect(last.changes.at(-1)).toEqual({ kind: "covered", chatId: "a", from: 1, to: 3 });
  expect(needsSync(last.account)).toBe(false);
});

test("a chat that was only heard of goes when the server does not know it, and stays when it came after the question", () => {
  const here = server();
  const account = hearNewChat(emptyAccount(ME), chatOf(here)).account;
  const asked = hearsayIn(account);
  expect(applySync(account, answer([]), asked).account.rooms.a).toBeUndefined();
  expect(applySync(account, answer([]), new Set()).account.rooms.a).toBeDefined();
  expect(needsSync(account)).toBe(true);
});

test("a chat that a late answer speaks of stays, and its marks are asked for", () => {
  const here = server();
  const late = here.sync({ userRev: 0, chats: {} });
  let account = hearNewChat({ ...emptyAccount(ME), isComplete: true }, chatOf(here)).account;
  const asked = hearsayIn(account);
  here.own({ kind: "pin", data: { chatId: "a", pinned: true } });
  const data = { chatId: "a", pinned: true };
  account = hearOwn(account, { kind: "pin", data, userRev: 1, at: "2026-01-01T00:00:00.000Z" }).account;
  const room = applySync(account, late, asked).account.rooms.a;
  expect([room?.isHearsay, room?.isDoubtful, room?.chat.me.pinned]).toEqual([false, true, true]);
});

test("a new chat stays, though the answer about it was overtaken by its first message", () => {
  const here = server();
  let account = hearNewChat({ ...emptyAccount(ME), isComplete: true }, chatOf(here)).account;
  const asked = hearsayIn(account);
  const late = here.sync({ userRev: 0, chats: {} });
  here.say("a");
  account = hearMessage(account, message(1)).account;
  account = applySync(account, late, asked).account;
  expect([account.rooms.a?.rev, needsSync(account)]).toEqual([1, true]);
  account = applySync(account, here.sync({ userRev: 0, chats: {} }), hearsayIn(account)).account;
  expect([account.rooms.a?.isHearsay, needsSync(account)]).toEqual([false, false]);
});

test("what is new since then says nothing of a chat that was left and came back meanwhile", () => {
  const here = server();
  here.say("a");
  const before = synced(here);
  here.say("a");
  const late = answer([delta(here, [message(2)])]);
  const left = hearRemoved(before, { chatId: "a", reason: "removed" }).account;
  const step = applySync(left, late, new Set());
  expect(step.changes).toEqual([]);
  expect([step.account.rooms.a?.isHearsay, needsSync(step.account)]).toEqual([true, true]);
});

test("a chat that was left since the question does not come back with its answer", () => {
  const here = server();
  here.say("a");
  const before = synced(here);
  const late = here.sync({ userRev: 0, chats: {} });
  const left = hearRemoved(before, { chatId: "a", reason: "removed" }).account;
  const { account } = applySync(left, late, new Set(), before.gone);
  expect([account.rooms.a, account.gone.a, needsSync(account)]).toEqual([undefined, "removed", true]);
  const again = applySync(account, answer([]), new Set(), account.gone).account;
  expect([again.gone.a, needsSync(again)]).toEqual(["removed", false]);
  expect(applySync(account, late, new Set(), account.gone).account.rooms.a).toBeDefined();
});

test("an event for a chat that is not here asks for it", () => {
  const account = hearMessage(emptyAccount(ME), message(1)).account;
  expect(needsSync(account)).toBe(true);
});

test("reading lowers the count by what was read, where all of it is known, and asks the server where not", () => {
  const here = server();
  for (let count = 0; count < 9; count += 1) here.say("a");
  const account = synced(here);
  expect(account.rooms.a?.chat.me.unread).toBe(9);
  const read = (readSeq: number) =>
    hearOwn(account, {
      kind: "read",
      data: { chatId: "a", readSeq },
      userRev: 1,
      at: "2026-01-01T00:00:00.000Z",
    }).account.rooms.a;
  expect([read(7)?.chat.me.unread, read(7)?.isDoubtful]).toEqual([2, false]);
  expect(read(3)?.isDoubtful).toBe(true);
});

test("a watermark of somebody who is no member yet is not taken", () => {
  const account = synced(server());
  const at = "2026-01-01T00:00:00.000Z";
  const after = hearStatus(account, { chatId: "a", userId: "stranger", seq: 1, at }, true).account;
  expect(after.rooms.a?.receipts.stranger).toBeUndefined();
});

test("a message that is hidden from me does not come back when others change it", () => {
  const here = server();
  here.say("a");
  const data = { chatId: "a", messageId: "a1" };
  const hidden = hearOwn(synced(here), {
    kind: "hide",
    data,
    userRev: 1,
    at: "2026-01-01T00:00:00.000Z",
  }).account;
  const step = hearMessage(hidden, message(1, { id: "a1", rev: 2, content: "edited" }));
  expect(step.changes).toEqual([]);
  expect([step.account.rooms.a?.rev, step.account.rooms.a?.chat.me.unread]).toEqual([2, 0]);
});
