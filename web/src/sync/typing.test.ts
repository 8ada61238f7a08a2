import { expect, test } from "vitest";
import { expireTyping, hearTyping, nextExpiry, stopTyping } from "./typing";

test("typing ends by itself after 6 s, with the message, and when they stop", () => {
  const update = { chatId: "a", userId: "u", kind: "text", typing: true } as const;
  const typing = hearTyping(hearTyping({}, update, 0), { ...update, userId: "v" }, 1_000);
  expect(nextExpiry(typing)).toBe(6_000);
  expect(expireTyping(typing, 6_000).a?.map((it) => it.userId)).toEqual(["v"]);
  expect(expireTyping(typing, 7_000)).toEqual({});
  expect(stopTyping(typing, "a", "v").a?.map((it) => it.userId)).toEqual(["u"]);
  expect(hearTyping(hearTyping({}, update, 0), { ...update, typing: false }, 1)).toEqual({});
});
