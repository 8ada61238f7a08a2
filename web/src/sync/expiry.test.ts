import { expect, test } from "vitest";
import { emptyAccount } from "./account";
import { hearsay } from "./chat";
import { asOf, expire, hasVanished, nextEnd } from "./expiry";
import { message } from "./testing/message";
import { emptyTimeline } from "./timeline";

const END = "2026-01-01T01:00:00.000Z";
const at = Date.parse(END);

test("a message is gone from its instant on, and says nothing any more", () => {
  const said = message(1, { content: "psst", expiresAt: END, pinnedAt: END });
  expect(asOf(said, at - 1)).toBe(said);
  const left = asOf(said, at);
  expect(left).toMatchObject({ content: "", pinnedAt: null, deletedAt: END, rev: said.rev });
  expect(hasVanished(left)).toBe(true);
  expect(asOf(left, at + 1)).toBe(left);
});

test("what somebody deleted before has not disappeared by itself", () => {
  const deleted = message(1, { expiresAt: END, deletedAt: "2026-01-01T00:30:00.000Z" });
  expect(hasVanished(asOf(deleted, at))).toBe(false);
});

test("words that are quoted go with their message", () => {
  const replyTo = { id: "x", senderId: "y", seq: 1, preview: "psst", expiresAt: END };
  expect(asOf(message(1, { replyTo }), at).replyTo?.preview).toBe("");
});

test("the list and the open chat lose it at once, and nothing is left to wait for", () => {
  const said = message(1, { content: "psst", expiresAt: END });
  const chat = { id: said.chatId, lastRev: 1, lastSeq: 1, lastMessage: said, receipts: [], createdAt: END };
  const room = hearsay({ ...chat, me: { readSeq: 0, unread: 0, mentions: 0 } } as never);
  const timeline = { ...emptyTimeline(said.chatId), messages: [said], from: 1, to: 1 };
  const account = {
    ...emptyAccount("me"),
    rooms: { [said.chatId]: room },
    timelines: { [said.chatId]: timeline },
  };
  expect(nextEnd(account)).toBe(at);
  const step = expire(account, at);
  expect(step.account.timelines[said.chatId]?.messages[0]?.content).toBe("");
  expect(step.account.rooms[said.chatId]?.chat.lastMessage?.content).toBe("");
  expect(nextEnd(step.account)).toBe(Number.POSITIVE_INFINITY);
});
