import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { Browser } from "./testing/tab";

test("each hour the disk is kept to its limit, by what was opened longest ago", async () => {
  const browser = new Browser("evict", () => 0.5);
  browser.isRough = false;
  const tab = await browser.open();
  for (const chat of ["a", "b"]) browser.server.say(chat);
  await browser.wait(1_000);
  for (const chat of ["b", "a"]) {
    void tab.parts.history.open(chat);
    await browser.wait(1_000);
  }
  const evict = vi.spyOn(tab.parts.disk, "evict");
  await browser.wait(61 * 60_000);
  expect(evict.mock.calls).toEqual([[["b", "a"], 50_000]]);
});
