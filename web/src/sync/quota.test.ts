import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { Browser } from "./testing/tab";
import { tickOf } from "./ticks";

afterEach(() => vi.restoreAllMocks());

test("a disk that is full turns the cache off, and all that is written is sent", async () => {
  const browser = new Browser("quota", () => 0.5);
  browser.isRough = false;
  const tab = await browser.open();
  await browser.wait(1_000);
  void tab.parts.history.open("a");
  await browser.wait(1_000);
  expect(tab.store.getState().isCacheOff).toBe(false);

  const full = () => {
    throw new DOMException("the disk is full", "QuotaExceededError");
  };
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(full);
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(full);
  for (const content of ["one", "two"]) tab.parts.courier.send("a", { content, replyTo: null });
  await browser.wait(1_000);
  browser.server.commitQueued(2);
  await browser.wait(1_000);

  const state = tab.store.getState();
  expect(state.isCacheOff).toBe(true);
  expect(browser.server.accepted).toEqual(["one", "two"]);
  expect(state.outbox.a ?? []).toEqual([]);
  const messages = state.timelines.a?.messages ?? [];
  expect(messages.map((message) => message.content)).toEqual(["one", "two"]);
  const entry = state.chats.a;
  for (const message of messages) expect(tickOf(message, entry?.receipts ?? {}, "me")).toBe("sent");

  // What comes after shows as well, and what is older is asked for from the server.
  browser.server.say("a");
  await browser.wait(1_000);
  expect(tab.store.getState().timelines.a?.messages).toHaveLength(3);
});
