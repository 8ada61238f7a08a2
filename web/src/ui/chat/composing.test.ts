import { describe, expect, it } from "vitest";
import { canSendText, charsLeft, mentionAt } from "./composing";

describe("a composer", () => {
  it("counts as the server does, and only near the limit", () => {
    expect(charsLeft("a".repeat(3_799))).toBe(null);
    expect(charsLeft("a".repeat(3_990))).toBe(10);
    expect(charsLeft("👍".repeat(4_000))).toBe(0);
    expect(canSendText("👍".repeat(4_000))).toBe(true);
    expect(canSendText("a".repeat(4_001))).toBe(false);
    expect(canSendText(" \n ")).toBe(false);
  });

  it("knows the mention at the caret", () => {
    expect(mentionAt("hi @an", 6)).toEqual({ from: 3, to: 6, word: "an" });
    expect(mentionAt("@", 1)).toEqual({ from: 0, to: 1, word: "" });
    expect(mentionAt("hi @an there", 12)).toBe(null);
    expect(mentionAt("ann@example", 11)).toBe(null);
  });
});
