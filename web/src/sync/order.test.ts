import { expect, test } from "vitest";
import { hearsay, withMe } from "./chat";
import type { Pending } from "./model";
import { lastActiveAt, orderOf } from "./order";
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

test("what waits to be sent counts for a chat's place and for its time", () => {
  const server = new Server(() => {});
  const [a] = server.rooms.map((room) => hearsay(server.view(room)));
  if (!a) throw new Error("a chat");
  const wrote = (createdAt: string) => [{ createdAt } as Pending];
  const later = "2026-01-03T00:00:00.000Z";
  expect(lastActiveAt(a, undefined)).toBe(a.activeAt);
  expect(lastActiveAt(a, wrote("2025-01-01T00:00:00.000Z"))).toBe(a.activeAt);
  expect(lastActiveAt(a, wrote(later))).toBe(later);
  const b = { ...a, chat: { ...a.chat, id: "b" }, activeAt: "2026-01-02T00:00:00.000Z" };
  expect(orderOf({ a, b }, { [a.chat.id]: wrote(later) }, [])).toEqual([a.chat.id, "b"]);
});
