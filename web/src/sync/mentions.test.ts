import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { namesIn } from "./mentions";
import { OTHER } from "./testing/server";
import { Browser, type Tab } from "./testing/tab";

let count = 0;

async function browserWithTab(): Promise<[Browser, Tab]> {
  const browser = new Browser(`mentions-${++count}`, () => 0.5);
  browser.isRough = false;
  const tab = await browser.open();
  await browser.wait(1_000);
  return [browser, tab];
}

const say = (tab: Tab, content: string) => tab.parts.courier.send("a", { content, replyTo: null });
const pending = (tab: Tab) => tab.store.getState().outbox.a?.[0];

/** What is there in the end. */
async function stored(browser: Browser) {
  await browser.wait(2_000);
  browser.server.commitQueued(9);
  await browser.wait(2_000);
  return browser.server.at("a").messages.map(({ content, mentions }) => [content, mentions]);
}

test("names are read as they are shown: once each, and not out of an address", () => {
  expect(namesIn("@Ann, @ann and @bob.b. mail eve@example.org or @me")).toEqual(["ann", "bob.b"]);
  expect(namesIn("nobody @ home")).toEqual([]);
});

test("who is named in a text is mentioned, though no list of members was ever asked for", async () => {
  const [browser, tab] = await browserWithTab();
  tab.disconnect();
  say(tab, "@other could you look? @nobody knows");
  tab.connect();
  expect(await stored(browser)).toEqual([["@other could you look? @nobody knows", [OTHER]]]);
});

test("other words for what waits keep those they still name, also after a reload", async () => {
  const [browser, tab] = await browserWithTab();
  browser.isUp = false;
  tab.disconnect();
  say(tab, "@other, at six");
  await browser.settle();
  await browser.close(tab);
  const next = await browser.open();
  next.parts.courier.amend(pending(next)?.clientId ?? "", "@other, at seven");
  browser.isUp = true;
  next.connect();
  expect(await stored(browser)).toEqual([["@other, at seven", [OTHER]]]);
});

test("other words mention others", async () => {
  const [browser, tab] = await browserWithTab();
  say(tab, "@other first");
  await stored(browser);
  tab.disconnect();
  say(tab, "@other, at six");
  expect(pending(tab)?.mentions).toEqual([OTHER]);
  tab.parts.courier.amend(pending(tab)?.clientId ?? "", "at six");
  expect(pending(tab)?.mentions).toEqual([]);
});

test("while the members can't be had a message waits, with all behind it, and not for ever", async () => {
  const [browser, tab] = await browserWithTab();
  const { rest } = tab.parts;
  const { members } = rest.chats;
  rest.chats.members = () => Promise.reject(new Error("busy"));
  say(tab, "@other first");
  say(tab, "second");
  await browser.wait(1_000);
  expect(browser.server.accepted).toEqual([]);
  rest.chats.members = members;
  await browser.wait(3_000);
  expect(browser.server.accepted).toEqual(["@other first", "second"]);
  rest.chats.members = () => Promise.reject(new Error("busy"));
  say(tab, "@nobody third");
  await browser.wait(120_000);
  expect(browser.server.accepted).toContain("@nobody third");
});

test("a message goes without the mention of somebody who has left", async () => {
  const [browser, tab] = await browserWithTab();
  say(tab, "@other first");
  await browser.wait(1_000);
  browser.server.at("a").others = [];
  say(tab, "@other second");
  expect(pending(tab)?.mentions).toEqual([OTHER]);
  expect(await stored(browser)).toEqual([
    ["@other first", [OTHER]],
    ["@other second", []],
  ]);
});

test("an answer to what was deleted meanwhile says so, and goes without it when it is tried again", async () => {
  const [browser, tab] = await browserWithTab();
  browser.server.say("a");
  browser.server.erase("a", 0);
  const replyTo = { id: "a1", senderId: OTHER, preview: "text 1" };
  tab.parts.courier.send("a", { content: "yes", replyTo });
  await browser.wait(1_000);
  const failed = pending(tab);
  expect([failed?.state, failed?.failure?.code, failed?.replyTo]).toEqual(["failed", "quote_gone", replyTo]);
  tab.parts.courier.retry(failed?.clientId ?? "");
  await browser.wait(1_000);
  expect(browser.server.accepted).toEqual(["yes"]);
  expect(pending(tab)?.replyTo).toBeNull();
});
