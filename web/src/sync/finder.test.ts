import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import type { SearchWish } from "./finder";
import { ME, OTHER } from "./testing/server";
import { Browser } from "./testing/tab";

let count = 0;

/** Two chats whose messages all came while the tab was open, and what is found of them. */
async function opened() {
  count += 1;
  const browser = new Browser(`finder-${count}`, () => 0.5);
  browser.isRough = false;
  const { server } = browser;
  const tab = await browser.open();
  await browser.wait(1_000);
  for (const chat of ["a", "a", "b", "a"]) server.say(chat);
  await browser.wait(1_000);
  tab.disconnect();
  const found = async (wish: Partial<SearchWish> & { query: string }, limit = 20) => {
    const { items, hasMore } = await tab.parts.finder.find(wish, limit);
    return [...items.map((message) => message.id), ...(hasMore ? ["…"] : [])];
  };
  return { browser, server, tab, found };
}

test("without the server all words are looked for on this device, the newest first", async () => {
  const { found } = await opened();
  expect(await found({ query: "text" })).toEqual(["a3", "b1", "a2", "a1"]);
  expect(await found({ query: "TE" })).toEqual(["a3", "b1", "a2", "a1"]);
  expect(await found({ query: "te 1" }), "only the last may be the beginning of a word").toEqual([]);
  expect(await found({ query: "1 text" })).toEqual(["b1", "a1"]);
  expect(await found({ query: "ext" })).toEqual([]);
  expect(await found({ query: " . " })).toEqual([]);
});

test("it is narrowed as the server would, and cut where there is too much", async () => {
  const { found, tab } = await opened();
  expect(await found({ query: "text", chatId: "b" })).toEqual(["b1"]);
  expect(await found({ query: "text", senderId: OTHER }, 2)).toEqual(["a3", "b1", "…"]);
  expect(await found({ query: "text", senderId: ME })).toEqual([]);
  const { items } = await tab.parts.finder.find({ query: "text", chatId: "b" }, 1);
  expect(await found({ query: "text", from: items[0]?.createdAt })).toEqual(["a3", "b1"]);
});

test("what was said, changed or deleted since is found as it is now", async () => {
  const { browser, server, tab, found } = await opened();
  expect(await found({ query: "text" })).toHaveLength(4);
  tab.connect();
  await browser.wait(1_000);
  server.say("b");
  server.change("a", 0, () => ({ content: "now a boat" }));
  server.erase("a", 1);
  server.own({ kind: "hide", data: { chatId: "a", messageId: "a3" } });
  await browser.wait(1_000);
  expect(await found({ query: "text" })).toEqual(["b2", "b1"]);
  expect(await found({ query: "boat" })).toEqual(["a1"]);
  server.setMember("b", false);
  await browser.wait(1_000);
  expect(await found({ query: "text" })).toEqual([]);
});

test("where it takes a while what is found so far shows on the way", async () => {
  const { browser, tab } = await opened();
  const { disk, finder } = tab.parts;
  const { textsOf } = disk;
  vi.spyOn(disk, "textsOf").mockImplementation(async (chat) => {
    if (chat === "b") await new Promise((resolve) => setTimeout(resolve, 50));
    const texts = await textsOf(chat);
    browser.time.now += 200;
    return texts;
  });
  const parts: string[][] = [];
  const { items } = await finder.find({ query: "text" }, 20, (part) =>
    parts.push(part.items.map((message) => message.id)),
  );
  expect(parts).toEqual([["a3", "a2", "a1"]]);
  expect(items.map((message) => message.id)).toEqual(["a3", "b1", "a2", "a1"]);
});

test("a disk that is given up finds nothing, and says no more than that", async () => {
  const { found, tab } = await opened();
  tab.parts.disk.close();
  expect(await found({ query: "text" })).toEqual([]);
});
