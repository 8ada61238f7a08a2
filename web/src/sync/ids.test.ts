import { expect, test } from "vitest";
import { createIds } from "./ids";

test("ids sort by birth, also within a millisecond and when the clock is set back", () => {
  let now = 1_767_225_600_000;
  const next = createIds({ now: () => now, random: () => 0.5 });
  const ids = [next(), next()];
  now -= 1_000;
  ids.push(next());
  expect(ids.toSorted()).toEqual(ids);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
