import { expect, test } from "vitest";
import type { ChatMe } from "../../wire";
import { ALWAYS, holdOrder, isMuted } from "./chatFacts";

test("a held order loses what is gone and appends what is new", () => {
  expect(holdOrder(["a", "b", "c"], ["c", "d", "a"])).toEqual(["a", "c", "d"]);
});

test("a held order is the current one again when nobody moved", () => {
  expect(holdOrder(["a", "b"], ["a", "b"])).toEqual(["a", "b"]);
});

test("silence ends by itself, but for that without end", () => {
  const me = (mutedUntil: string | null) => ({ mutedUntil }) as ChatMe;
  const now = Date.parse("2026-01-03T10:00:00.000Z");
  expect(isMuted(me("2026-01-03T10:00:00.001Z"), now)).toBe(true);
  expect(isMuted(me("2026-01-03T10:00:00.000Z"), now)).toBe(false);
  expect(isMuted(me(ALWAYS), now)).toBe(true);
  expect(isMuted(me(null), now)).toBe(false);
});
