import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Message } from "../wire";
import { createRecall } from "./recall";
import { message } from "./testing/message";
import { Browser } from "./testing/tab";

const NOW = Date.parse("2026-01-02T00:00:00.000Z");

const run = (from: number, to: number) => ({
  messages: Array.from({ length: to - from + 1 }, (_, at) => message(from + at)),
  from,
  to,
});

function recalling(from: number, to: number) {
  const recall = createRecall(3);
  recall.keep("a", run(from, to));
  return {
    ...recall,
    hear: (seq: number, part?: Partial<Message>) =>
      recall.note({ kind: "message", message: message(seq, part) }),
    at: (last: number) => recall.of("a", last, NOW)?.messages.map(({ content }) => content) ?? null,
  };
}

test("what was kept has what came after it, as it is now, and no more than a page", () => {
  const { hear, at, note, of } = recalling(4, 8);
  expect(at(8)).toEqual(["text 6", "text 7", "text 8"]);
  hear(9);
  hear(8, { rev: 10, content: "edited" });
  expect(at(9)).toEqual(["text 7", "edited", "text 9"]);
  note({ kind: "hidden", chatId: "a", messageId: "m9" });
  expect(of("a", 9, NOW)).toMatchObject({ from: 7, to: 9, messages: [{ seq: 7 }, { seq: 8 }] });
});

test("with one missing in between nothing is known until it is sure what there is", () => {
  const { hear, at, note } = recalling(1, 3);
  hear(5);
  expect(at(5)).toBeNull();
  expect(at(3), "not before those in between").toEqual(["text 2", "text 3"]);
  note({ kind: "covered", chatId: "a", from: 4, to: 5 });
  expect(at(5)).toEqual(["text 2", "text 3", "text 5"]);
});

test("what begins anew, or is not the user's any more, is forgotten", () => {
  for (const kind of ["reset", "removed"] as const) {
    const { at, note } = recalling(1, 3);
    note({ kind, chatId: "b" });
    expect(at(3)).not.toBeNull();
    note({ kind, chatId: "a" });
    expect(at(3)).toBeNull();
  }
});

test("what has disappeared meanwhile is gone", () => {
  const { hear, at } = recalling(1, 3);
  hear(4, { content: "for an hour", expiresAt: "2026-01-01T01:00:00.000Z" });
  expect(at(4)).toEqual(["text 2", "text 3", ""]);
});

test("less than a page is kept where it is all there is, and the chats kept first go first", () => {
  const recall = createRecall(3);
  recall.keep("part", run(7, 8));
  recall.keep("whole", run(1, 2));
  expect([recall.of("part", 8, NOW), recall.of("whole", 2, NOW)?.from]).toEqual([null, 1]);
  for (let count = 0; count < 100; count += 1) recall.keep(`chat ${count}`, run(1, 2));
  expect(recall.of("whole", 2, NOW)).toBeNull();
  expect(recall.of("chat 0", 2, NOW)).not.toBeNull();
});

test("what came of a chat when all was caught up is enough to begin with", () => {
  const recall = createRecall(50);
  recall.keep("screenful", run(21, 50));
  recall.keep("less", run(22, 50));
  expect([recall.of("screenful", 50, NOW)?.from, recall.of("less", 50, NOW)]).toEqual([21, null]);
});

test("a chat that was open, or that somebody is about to open, is there at once", async () => {
  const browser = new Browser("recall", () => 0.5);
  browser.isRough = false;
  for (let said = 0; said < 3; said += 1) browser.server.say("a");
  const tab = await browser.open();
  await browser.wait(1_000);
  const { history } = tab.parts;
  const shown = () => tab.store.getState().timelines.a?.messages.map(({ seq }) => seq);

  const foreseen = history.foresee("a");
  await browser.settle(foreseen);
  history.open("a");
  expect(shown()).toEqual([1, 2, 3]);
  history.close("a");
  browser.server.say("a");
  await browser.wait(1_000);
  history.open("a");
  expect(shown()).toEqual([1, 2, 3, 4]);
});
