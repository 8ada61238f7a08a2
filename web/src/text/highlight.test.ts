import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { highlight, queryWords } from "./highlight";

function check(text: string, query: string, expected: string) {
  const parts = highlight(text, queryWords(query));
  expect(parts.map((part) => (part.isHit ? `<${part.text}>` : part.text)).join("")).toBe(expected);
}

describe("words that were searched for", () => {
  it("are marked whatever their case and accents", () =>
    check("Ünïted we stand", "united STAND", "<Ünïted> we <stand>"));
  it("are marked at their beginning only", () =>
    check("unite reunite united", "unite", "<unite> reunite <unite>d"));
  it("are found inside scripts without spaces", () => check("東京都です", "京都", "東<京都>です"));
  it("may be none", () => check("a.b", ".", "a.b"));

  it("lose nothing of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (text, query) => {
        const parts = highlight(text, queryWords(query));
        expect(parts.map((part) => part.text).join("")).toBe(text);
      }),
    );
  });
});
