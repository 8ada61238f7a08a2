import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { Browser } from "./testing/tab";

test("what has waited for a day without a connection says so, also after a cold start", async () => {
  const browser = new Browser("age", () => 0.5);
  browser.isRough = false;
  const tab = await browser.open();
  await browser.wait(1_000);
  browser.isUp = false;
  tab.disconnect();
  tab.parts.courier.send("a", { content: "from the tunnel", replyTo: null });
  await browser.wait(23 * 60 * 60_000);
  const states = () => browser.tabs.map((it) => it.store.getState().outbox.a?.[0]?.state);
  expect(states()).toEqual(["waiting"]);
  await browser.wait(70 * 60_000);
  expect(states()).toEqual(["failed"]);

  tab.parts.courier.send("b", { content: "another", replyTo: null });
  await browser.wait(1_000);
  await browser.close(tab);
  await browser.wait(25 * 60 * 60_000);
  const again = await browser.open();
  await browser.wait(2_000);
  expect(again.store.getState().outbox.b?.[0]?.failure?.code).toBe("expired");
});
