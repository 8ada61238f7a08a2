import { expect, test } from "vitest";
import { guarded, type Shelf } from "./shelf";

const forbidden = guarded(() => {
  throw new DOMException("Access is denied", "SecurityError");
});

test("what the browser forbids to keep is kept as long as the page lives", () => {
  expect(forbidden.getItem("a")).toBeNull();
  forbidden.setItem("a", "1");
  expect(forbidden.getItem("a")).toBe("1");
  forbidden.removeItem("a");
  expect(forbidden.getItem("a")).toBeNull();
});

test("what no longer fits takes the place of what is there", () => {
  const there = new Map([["a", "old"]]);
  let isFull = true;
  const own: Shelf = {
    getItem: (key) => there.get(key) ?? null,
    setItem(key, value) {
      if (isFull) throw new DOMException("", "QuotaExceededError");
      there.set(key, value);
    },
    removeItem: (key) => void there.delete(key),
  };
  const shelf = guarded(() => own);
  shelf.setItem("a", "new");
  expect(shelf.getItem("a")).toBe("new");
  isFull = false;
  shelf.setItem("a", "newest");
  expect([shelf.getItem("a"), there.get("a")]).toEqual(["newest", "newest"]);
});
