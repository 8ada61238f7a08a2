import { expect, test } from "vitest";
import { isWorthShowing, noticeOf, type Pane, paneFor } from "./push";

const pane = (path: string, isVisible: boolean): Pane => ({ path, isVisible });

test("a push without a chat or a title is none", () => {
  expect(noticeOf({ chatId: "c1", title: "Ann", body: "hello" })).toEqual({
    chatId: "c1",
    title: "Ann",
    body: "hello",
    tag: "c1",
    unread: null,
  });
  for (const bad of [
    null,
    "text",
    {},
    { chatId: "c1" },
    { chatId: "../x", title: "Ann" },
    { chatId: "c1", title: "" },
  ]) {
    expect(noticeOf(bad)).toBeNull();
  }
});

test("it is shown unless its reader sees the chat", () => {
  const notice = { chatId: "c1" };
  expect(isWorthShowing(notice, [])).toBe(true);
  expect(isWorthShowing(notice, [pane("/chat/c1", true)])).toBe(false);
  expect(isWorthShowing(notice, [pane("/chat/c1/info", true)])).toBe(false);
  expect(isWorthShowing(notice, [pane("/chat/c1", false)])).toBe(true);
  expect(isWorthShowing(notice, [pane("/chat/c12", true), pane("/", true)])).toBe(true);
});

test("a click leads to the pane with the chat, else to one in sight, else to any", () => {
  expect(paneFor("c1", [pane("/", true), pane("/chat/c1", false)])).toBe(1);
  expect(paneFor("c1", [pane("/", true), pane("/chat/c2", false)])).toBe(0);
  expect(paneFor("c1", [pane("/", false), pane("/chat/c2", false)])).toBe(1);
  expect(paneFor("c1", [])).toBe(-1);
});
