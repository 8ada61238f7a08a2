import { describe, expect, it } from "vitest";
import type { PendingChange } from "../../sync/model";
import { message } from "../../sync/testing/message";
import { pinsOf } from "./usePins";

const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
const pinned = (seq: number, day: number) => message(seq, { pinnedAt: at(day) });
const seqs = (pins: readonly { seq: number }[]) => pins.map(({ seq }) => seq);
const change = (messageId: string): PendingChange => ({
  key: "k",
  chatId: "a",
  messageId,
  wish: { kind: "pin", on: false },
  at: at(9),
  state: "waiting",
  failure: null,
});

describe("what the bar of pins shows", () => {
  const timeline = { messages: [message(10), pinned(11, 3), message(12)], from: 10, to: 12 };

  it("is what is loaded, and what the server has listed beyond it", () => {
    expect(seqs(pinsOf([pinned(2, 1), pinned(40, 4)], timeline, []))).toEqual([40, 11, 2]);
  });

  it("takes what is loaded at its word", () => {
    expect(seqs(pinsOf([pinned(12, 4), pinned(11, 3)], timeline, []))).toEqual([11]);
  });

  it("has lost what is being unpinned", () => {
    expect(seqs(pinsOf([pinned(2, 1)], timeline, [change("m2")]))).toEqual([11]);
    expect(seqs(pinsOf([pinned(2, 1)], timeline, [{ ...change("m2"), state: "failed" }]))).toEqual([11, 2]);
  });
});
