import { expect, test } from "vitest";
import { next } from "./panes";
import { routeOf } from "./paths";

function after(...paths: string[]) {
  const start = { path: "", list: routeOf("/"), main: null, mainPath: null };
  return paths.reduce(next, start);
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
