import { expect, test } from "vitest";
import { seenOf } from "./seen";

const WHOLE = { page: 800, height: 800, offsetTop: 0, scale: 1 };

test("a keyboard over the page leaves what is above it, wherever the page was moved to", () => {
  const above = { "--app-height": 460, "--app-top": 0, "--app-bottom": 340 };
  expect(seenOf({ ...WHOLE, height: 460.4 })).toEqual(above);
  const moved = { "--app-height": 460, "--app-top": 200, "--app-bottom": 140 };
  expect(seenOf({ ...WHOLE, height: 460, offsetTop: 200 })).toEqual(moved);
});

test("a page that bounces is not followed out of the window", () => {
  expect(seenOf({ ...WHOLE, height: 460, offsetTop: -30 })).toMatchObject({ "--app-top": 0 });
  const below = { "--app-top": 340, "--app-bottom": 0 };
  expect(seenOf({ ...WHOLE, height: 460, offsetTop: 390 })).toMatchObject(below);
});

test("without a keyboard, or looked at more closely, the page is as it is", () => {
  expect(seenOf(WHOLE)).toBeNull();
  expect(seenOf({ ...WHOLE, height: 750 })).toBeNull();
  expect(seenOf({ ...WHOLE, height: 400, scale: 2 })).toBeNull();
});
