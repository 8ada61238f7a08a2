import { expect, test } from "vitest";
import { isAcquainted } from "./install";

test("a first visitor is not asked to install, not even after a reload", () => {
  const shelf = new Map<string, string>();
  const storage = {
    getItem: (key: string) => shelf.get(key) ?? null,
    setItem: (key: string, value: string) => void shelf.set(key, value),
  };
  const hour = 60 * 60_000;
  expect([0, 1_000, hour].map((later) => isAcquainted(storage, 1_000_000 + later))).toEqual([
    false,
    false,
    true,
  ]);
});
