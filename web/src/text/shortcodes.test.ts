import { describe, expect, it } from "vitest";
import { namesIn } from "../../tools/build/emoji";
import { asWritten } from "./emoji";
import { byCode, type EmojiName, type EmojiRow, emojiAt, emojiName, inTone, matching } from "./shortcodes";

function names(language: string): EmojiName[] {
  return (namesIn(language) as EmojiRow[]).map(emojiName);
}

const at = (text: string) => emojiAt(text, text.length)?.word ?? null;

describe("an emoji that is typed", () => {
  it("begins with a colon after a space, and two letters", () => {
    expect(emojiAt("hi :smi", 7)).toEqual({ from: 3, to: 7, word: "smi", isClosed: false });
    expect(emojiAt("(:+1:", 5)).toEqual({ from: 1, to: 5, word: "+1", isClosed: true });
    expect(at(":s")).toBe(null);
    expect(at("at 10:30")).toBe(null);
    expect(at("https://a")).toBe(null);
    expect(at("note:that")).toBe(null);
    expect(at("::so")).toBe(null);
    expect(at("hi :smi and")).toBe(null);
    expect(at(":Größe")).toBe("grosse");
  });

  it("is none in code", () => {
    expect(at("see `a :smi")).toBe(null);
    expect(at("see `a` :smi")).toBe("smi");
    expect(at("```\n:smi")).toBe(null);
    expect(at("```\ncode\n```\n:smi")).toBe("smi");
    expect(at("a ` b\n:smi")).toBe("smi");
  });
});

describe("emoji by name", () => {
  const en = names("en");

  it("are found by code first, then by the words of their name, then by others", () => {
    const found = matching(en, "smi", [], 8).map(({ emoji }) => emoji);
    expect(found[0]).toBe("😄");
    expect(found).toContain("😃");
    expect(matching(en, "+1", [], 1)[0]?.emoji).toBe("👍");
    expect(matching(en, "zzzz", [], 8)).toEqual([]);
    expect(matching(names("de"), "winkend", [], 1)[0]?.emoji).toBe("👋");
  });

  it("that were used lately come before others", () => {
    expect(matching(en, "smi", ["😼"], 8)[0]?.emoji).toBe("😼");
    expect(matching(en, "wav", ["👋🏽"], 8)[0]?.emoji).toBe("👋");
  });

  it("are taken by their exact code alone", () => {
    expect(byCode(en, "tada")?.emoji).toBe("🎉");
    expect(byCode(en, "tad")).toBe(undefined);
  });

  it("come in the tone that is wanted, where they have one", () => {
    const [wave, party] = [byCode(en, "wave"), byCode(en, "tada")] as [EmojiName, EmojiName];
    expect([inTone(wave, "none"), inTone(wave, "dark"), inTone(party, "dark")]).toEqual(["👋", "👋🏿", "🎉"]);
  });
});

it("is written as everybody writes it", () => {
  expect(["👍\uFE0F", "❤\uFE0F", "👋🏽", "1\uFE0F\u20E3"].map(asWritten)).toEqual([
    "👍",
    "❤\uFE0F",
    "👋🏽",
    "1\uFE0F\u20E3",
  ]);
});
