import { compileMessage } from "@lingui/message-utils/compileMessage";
import { expect, test } from "vitest";
import { pseudoCompiled, pseudoText } from "./pseudo";

function check(text: string, words: string) {
  expect(pseudoText(text).replace(/·+]$/, "]")).toBe(words);
}

test("words get accents and brackets", () => check("Sign in", "[Šîĝñ îñ]"));

test("names of values stay", () => check("Hi {name}", "[Hî {name}]"));

test("words inside of plurals are words", () => {
  check("{n, plural, one {# day} other {# days {x}}}", "[{n, plural, one {# ðåý} other {# ðåýš {x}}}]");
});

test("it grows by a third", () => expect(pseudoText("aaaaaaaaaa")).toHaveLength(15));

test("a compiled text is as foreign", () => {
  const text = compileMessage("Hi {name}, {n, plural, one {# day} other {# days}}");
  expect(pseudoCompiled(text as Parameters<typeof pseudoCompiled>[0]).slice(0, -1)).toEqual([
    "[",
    "Hî ",
    ["name"],
    ", ",
    ["n", "plural", { offset: undefined, one: ["#", " ðåý"], other: ["#", " ðåýš"] }],
  ]);
});

test("a compiled text without values reads as it does uncompiled", () => {
  expect(pseudoCompiled(["Email"]).join("")).toBe(pseudoText("Email"));
});
