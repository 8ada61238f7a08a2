import { expect, test } from "vitest";
import { message } from "./testing/message";
import { tickOf, tickTime } from "./ticks";

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

test("a tick says since when, where that was told", () => {
  const told = [
    { tick: "delivered", from: 2, to: 4, at: "10:00" },
    { tick: "read", from: 1, to: 3, at: "10:01" },
    { tick: "read", from: 3, to: 4, at: "10:02" },
  ] as const;
  const at = (seq: number, tick: "sent" | "delivered" | "read") => tickTime(message(seq), tick, told);
  expect([at(4, "delivered"), at(3, "read"), at(4, "read")]).toEqual(["10:00", "10:01", "10:02"]);
  expect([at(2, "delivered"), at(1, "read"), at(4, "sent")]).toEqual([null, null, null]);
});
