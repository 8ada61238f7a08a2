import { expect, test } from "vitest";
import { pseudoText } from "./pseudo";

function check(text: string, words: string) {
  expect(pseudoText(text).replace(/·+]$/, "]")).toBe(words);
}

test("words get accents and brackets", () => check("Sign in", "[Šîĝñ îñ]"));

test("names of values stay", () => check("Hi {name}", "[Hî {name}]"));

test("words inside of plurals are words", () => {
  check("{n, plural, one {# day} other {# days {x}}}", "[{n, plural, one {# ðåý} other {# ðåýš {x}}}]");
});

test("it grows by a third", () => expect(pseudoText("aaaaaaaaaa")).toHaveLength(15));
