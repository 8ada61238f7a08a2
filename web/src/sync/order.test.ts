import { expect, test } from "vitest";
import { hearsay, withMe } from "./chat";
import { orderOf } from "./order";
import { Server } from "./testing/server";

test("pinned chats come first, then the last spoken in, and the list is the same while nothing moves", () => {
  const server = new Server(() => {});
  const [a, b] = server.rooms.map((room) => hearsay(server.view(room)));
  if (!a || !b) throw new Error("two chats");
  const chats = { a, b: { ...b, activeAt: "2026-01-02T00:00:00.000Z" } };
  const order = orderOf(chats, {}, []);
  expect(order).toEqual(["b", "a"]);
  expect(orderOf({ ...chats }, {}, order)).toBe(order);
  expect(orderOf({ ...chats, a: withMe(a, { pinned: true }) }, {}, order)).toEqual(["a", "b"]);
});
