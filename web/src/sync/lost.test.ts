import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { lostText } from "./lost";
import { Browser } from "./testing/tab";

test("what was written in a chat that is lost can still be copied", async () => {
  const browser = new Browser("written-in-vain", () => 0.5);
  browser.isRough = false;
  const tab = await browser.open();
  await browser.wait(1_000);
  tab.disconnect();
  const { courier, drafts } = tab.parts;
  for (const content of ["one", "two"]) courier.send("b", { content, replyTo: null });
  courier.send("b", { content: "never mind", replyTo: null });
  courier.discard(tab.store.getState().outbox.b?.at(-1)?.clientId ?? "");
  drafts.set("b", { content: "and thr", replyTo: null });
  courier.send("a", { content: "elsewhere", replyTo: null });
  browser.server.setMember("b", false);
  tab.connect();
  await browser.wait(1_000);
  const { lost, outbox, drafts: left } = tab.store.getState();
  expect(Object.keys(lost)).toEqual(["b"]);
  expect(lost.b && lostText(lost.b)).toBe("one\n\ntwo\n\nand thr");
  expect([outbox.b, left.b]).toEqual([undefined, undefined]);

  browser.server.setMember("b", true);
  await browser.wait(1_000);
  browser.server.setMember("b", false);
  await browser.wait(1_000);
  expect(tab.store.getState().lost, "the second time nothing was").toEqual({});
});
