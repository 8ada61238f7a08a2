import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { Browser } from "./testing/tab";

/** The numbers of the messages that a chat nobody opened has on disk. */
async function cached(browser: Browser, chat: string): Promise<number[]> {
  const [tab] = browser.tabs;
  const run = await tab?.parts.disk.runBefore(chat, browser.server.at(chat).messages.length + 1, 100);
  return (run?.messages ?? []).map((message) => message.seq);
}

async function started(name: string, said: number): Promise<Browser> {
  const browser = new Browser(name, () => 0.5);
  browser.isRough = false;
  browser.pageSize = 7;
  for (let count = 0; count < said; count += 1) browser.server.say("a");
  await browser.open();
  await browser.wait(1_000);
  return browser;
}

test("the newest page of a recent chat is on the device although nobody opened it", async () => {
  const browser = await started("warm-1", 20);
  expect(await cached(browser, "a"), "what sync brings by itself").toEqual([17, 18, 19, 20]);
  await browser.wait(5_000);
  expect((await cached(browser, "a")).slice(-7)).toEqual([14, 15, 16, 17, 18, 19, 20]);
});

test("a recent chat that nobody opened yet is there within the tick", async () => {
  const browser = await started("warm-4", 6);
  await browser.wait(5_000);
  const [tab] = browser.tabs;
  tab?.parts.history.open("a");
  const shown = tab?.store.getState().timelines.a?.messages.map(({ seq }) => seq);
  expect(shown).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a chat that is whole is not asked for again, and what can't be had is not missed", async () => {
  const short = await started("warm-2", 3);
  const asked: string[] = [];
  const { page } = short.server;
  short.server.page = (id, wish) => {
    asked.push(id);
    return page.call(short.server, id, wish);
  };
  await short.wait(5_000);
  expect(asked).toEqual([]);

  const broken = await started("warm-3", 20);
  broken.server.page = () => {
    throw new Error("not now");
  };
  await broken.wait(5_000);
  expect(await cached(broken, "a")).toEqual([17, 18, 19, 20]);
});
