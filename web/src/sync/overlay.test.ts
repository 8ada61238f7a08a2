import { expect, test } from "vitest";
import type { Chat } from "../wire";
import type { ChatEntry, PendingChange, Wish } from "./model";
import { chatWith, fulfil, withWishes } from "./overlay";
import { message } from "./testing/message";
import { emptyTimeline, showRun } from "./timeline";

const at = "2026-01-01T00:00:00.000Z";

function change(messageId: string, wish: Wish, part: Partial<PendingChange> = {}): PendingChange {
  return { key: messageId, chatId: "a", messageId, wish, at, state: "waiting", failure: null, ...part };
}

test("own wishes are laid over the messages they are about, and nothing else", () => {
  const timeline = showRun(emptyTimeline("a"), { messages: [message(1), message(2)], from: 1, to: 2 }, 2);
  const shown = (...changes: PendingChange[]) => withWishes(timeline, changes, "me");
  expect(shown(change("m9", { kind: "hide" }))).toBe(timeline);
  expect(shown(change("m1", { kind: "hide" })).messages).toEqual([message(2)]);
  const edit = change("m2", { kind: "edit", content: "new" });
  expect(shown(edit).messages[1]).toMatchObject({ content: "new", editedAt: at });
  expect(shown({ ...edit, state: "failed" }).messages[1]).toEqual(message(2));
});

test("the list shows a chat's marks and last message as they will be", () => {
  const chat = { lastMessage: message(2), me: { pinned: false } } as Chat;
  const entry: ChatEntry = { chat, rev: 2, receipts: {}, activeAt: at };
  const timeline = showRun(emptyTimeline("a"), { messages: [message(1)], from: 1, to: 2 }, 2);
  const pinned = change("a", { kind: "mark", mark: { name: "pinned", value: true } });
  const shown = chatWith(entry, [pinned, change("m2", { kind: "delete" })], "me", timeline).chat;
  expect([shown.me.pinned, shown.lastMessage?.deletedAt]).toEqual([true, at]);
  expect(chatWith(entry, [change("m2", { kind: "hide" })], "me", timeline).chat.lastMessage?.id).toBe("m1");
});

test("a reaction that is wished for counts once, and goes with the last who had it", () => {
  const on = { wish: { kind: "react", emoji: "+", on: true }, at } as const;
  const off = { wish: { kind: "react", emoji: "+", on: false }, at } as const;
  const mine = fulfil(message(1), on, "me");
  expect(mine.reactions).toEqual([{ emoji: "+", count: 1, userIds: ["me"], mine: true }]);
  expect(fulfil(mine, on, "me").reactions).toEqual(mine.reactions);
  expect(fulfil(mine, off, "me").reactions).toEqual([]);
});
