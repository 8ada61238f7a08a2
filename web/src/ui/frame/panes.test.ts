import { expect, test } from "vitest";
import { next, START } from "./panes";

function after(...paths: string[]) {
  return paths.reduce(next, START);
}

test("a chat opens beside the list it was chosen from", () => {
  const panes = after("/", "/archived", "/chat/a");
  expect([panes.list.name, panes.main?.name]).toEqual(["archived", "chat"]);
});

test("searching leaves the open chat where it is", () => {
  expect(after("/chat/a", "/search").main).toEqual({ name: "chat", chatId: "a" });
});

test("settings know which chat to return to", () => {
  expect(after("/chat/a", "/settings", "/settings/about").mainPath).toBe("/chat/a");
});

test("settings show the profile beside their list", () => {
  expect(after("/settings").main).toEqual({ name: "settings", section: "profile" });
});

test("the start address closes the chat", () => expect(after("/chat/a", "/").main).toBeNull());

test("a chat out of the settings has the chats beside it", () => {
  expect(after("/settings", "/chat/a").list.name).toBe("chats");
});

test("a list that was left stands no more beside the chat it was opened from", () => {
  const panes = next({ ...after("/chat/a", "/search"), leavesTo: "/chat/a" }, "/chat/a");
  expect([panes.list.name, panes.leavesTo]).toEqual(["chats", null]);
});
