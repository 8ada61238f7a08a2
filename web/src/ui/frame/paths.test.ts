import { expect, test } from "vitest";
import { doorOf, paths, routeOf, sideOf } from "./paths";

test.each([
  ["/", { name: "chats" }],
  ["/archived", { name: "archived" }],
  ["/contacts", { name: "contacts" }],
  ["/settings/privacy", { name: "settings", section: "privacy" }],
  ["/chat/c1", { name: "chat", chatId: "c1" }],
  [paths.chatInfo("c1"), { name: "chatInfo", chatId: "c1" }],
  [paths.settings(), { name: "settings", section: null }],
  [paths.settings("devices"), { name: "settings", section: "devices" }],
  ["/settings/teapot", { name: "unknown" }],
  ["/chat/c1/info/more", { name: "unknown" }],
  ["/search/x", { name: "unknown" }],
  ["/chat/%E0%A4%A", { name: "chat", chatId: "%E0%A4%A" }],
])("%s leads to its screen", (path, route) => expect(routeOf(path)).toEqual(route));

test("what is searched for is in the address", () => {
  expect(paths.search()).toBe("/search");
  expect(new URLSearchParams(paths.search("tea & cake?").split("?")[1]).get("q")).toBe("tea & cake?");
});

test("a phone shows the list for lists, and the main pane for what they lead to", () => {
  expect(["/", "/search", "/settings"].map((path) => sideOf(routeOf(path)))).toEqual([
    "list",
    "list",
    "list",
  ]);
  expect(["/chat/c1", "/settings/about", "/nowhere"].map((path) => sideOf(routeOf(path)))).toEqual([
    "main",
    "main",
    "main",
  ]);
});

test("letters lead to doors, which are no screens of the chats", () => {
  expect(["/verify", "/confirm-email", "/reset/x", "/"].map(doorOf)).toEqual([
    "verify",
    "confirm-email",
    null,
    null,
  ]);
});
