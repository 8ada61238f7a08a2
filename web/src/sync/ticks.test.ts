import { expect, test } from "vitest";
import { message } from "./testing/message";
import { tickOf } from "./ticks";

test("in a group a tick speaks of all others, without watermarks of the sending alone", () => {
  const marks = (userId: string, deliveredSeq: number, readSeq: number) => ({
    userId,
    deliveredSeq,
    readSeq,
  });
  const mine = message(4);
  const tick = (...all: ReturnType<typeof marks>[]) =>
    tickOf(mine, Object.fromEntries(all.map((it) => [it.userId, it])), "me");
  expect(tick(marks("me", 9, 9))).toBe("sent");
  expect(tick()).toBe("sent");
  expect(tick(marks("me", 0, 0), marks("u", 4, 4), marks("v", 3, 0))).toBe("sent");
  expect(tick(marks("u", 4, 4), marks("v", 4, 3))).toBe("delivered");
  expect(tick(marks("u", 4, 4), marks("v", 5, 5))).toBe("read");
});
