import { expect, test } from "vitest";
import { compiled } from "./texts.ts";

test("texts are compiled while building", async () => {
  const code = 'export const kit = { "kit.a": "Hi", "kit.b": "Hi {name}" };';
  expect(await compiled(code)).toBe('export const kit = {"kit.a":["Hi"],"kit.b":["Hi ",["name"]]};');
});
