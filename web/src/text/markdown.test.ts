import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLargeEmoji } from "./emoji";
import { type Inline, parseInline } from "./inline";
import { type Block, inlineText, parseMarkdown, plainText, previewText } from "./markdown";
import { XSS_CORPUS } from "./xss-corpus";

/** `<b>` and the like stand for tokens, so that a case reads as what is seen. */
function shown(tokens: Inline[]): string {
  return tokens
    .map((token) => {
      switch (token.kind) {
        case "text":
          return token.text;
        case "link":
          return `<a ${token.href}>${token.text}</a>`;
        case "mention":
          return `<@${token.username}>`;
        case "code":
          return `<code>${token.text}</code>`;
        default:
          return `<${token.kind}>${shown(token.children)}</${token.kind}>`;
      }
    })
    .join("");
}

const check = (line: string, expected: string) => expect(shown(parseInline(line))).toBe(expected);

describe("a line", () => {
  it("has bold, italic, strike and code", () => {
    check(
      "**a** _b_ *c* ~~d~~ `e`",
      "<bold>a</bold> <italic>b</italic> <italic>c</italic> <strike>d</strike> <code>e</code>",
    );
    check("***both***", "<bold><italic>both</italic></bold>");
    check("**a _b_**", "<bold>a <italic>b</italic></bold>");
    check("``a ` b``", "<code>a ` b</code>");
  });

  it("leaves marks alone that mark nothing", () => {
    for (const line of [
      "2 * 3 * 4",
      "2*3*4",
      "snake_case_name",
      "**",
      "****",
      "~~~~",
      "_ a _",
      "a ** b",
      "__init__",
      "`",
      "~a~",
    ]) {
      check(line, line);
    }
    check("**a _b** c_", "<bold>a _b</bold> c_");
  });

  it("has nothing marked inside code", () =>
    check("`**a** @ann http://x.y`", "<code>**a** @ann http://x.y</code>"));

  it("links addresses without the punctuation around them", () => {
    check("see https://a.example/b_c_d.", "see <a https://a.example/b_c_d>https://a.example/b_c_d</a>.");
    check("(http://a.example/x_(y))", "(<a http://a.example/x_(y)>http://a.example/x_(y)</a>)");
    check("mailto:ann@a.example!", "<a mailto:ann@a.example>mailto:ann@a.example</a>!");
    check("xhttp://a.example", "xhttp://a.example");
    check("http://", "http://");
  });

  it("links labels, but none that claims to be another address", () => {
    check("[the page](https://a.example/)", "<a https://a.example/>the page</a>");
    check("[a](javascript:alert(1))", "[a](javascript:alert(1))");
    check("[b](data:text/html,x)", "[b](data:text/html,x)");
    check(
      "[bank.example](https://evil.example)",
      "[bank.example](<a https://evil.example/>https://evil.example</a>)",
    );
  });

  it("finds mentions at the beginning of words", () => {
    check("@ann, and @bob_2.", "<@ann>, and <@bob_2>.");
    check("ann@a.example @x", "ann@a.example @x");
  });
});

describe("a text", () => {
  const kinds = (text: string) => parseMarkdown(text).map((block) => block.kind);

  it("has quotes, lists, code and paragraphs", () => {
    expect(kinds("> a\n> b\n\nc\n- d\n- e\n1. f\n```js\n**g**\n```")).toEqual([
      "quote",
      "paragraph",
      "list",
      "list",
      "code",
    ]);
    expect(plainText("- a\n- b\n3. c\n4. d")).toBe("• a\n• b\n3. c\n4. d");
  });

  it("keeps a fence that nothing closes", () => expect(plainText("```\na")).toBe("```\na"));

  it("is one line in a preview", () => expect(previewText("**a**\n> b\n\n`c`")).toBe("a b c"));

  it("is large when it is up to three emoji and nothing else", () => {
    for (const text of ["👍", "❤️ ❤️", "👩‍👩‍👧‍👦🇩🇪👍🏽", "1️⃣"]) expect(isLargeEmoji(text)).toBe(true);
    for (const text of ["", "👍👍👍👍", "a👍", "1", "©", "123"]) expect(isLargeEmoji(text)).toBe(false);
  });
});

function links(blocks: Block[]): string[] {
  const hrefs: string[] = [];
  const visit = (tokens: Inline[]) => {
    for (const token of tokens) {
      if (token.kind === "link") hrefs.push(token.href);
      if ("children" in token) visit(token.children);
    }
  };
  for (const block of blocks) {
    if (block.kind === "list") block.items.forEach(visit);
    else if (block.kind !== "code") block.lines.forEach(visit);
  }
  return hrefs;
}

const depth = (tokens: Inline[]): number =>
  Math.max(0, ...tokens.map((token) => ("children" in token ? 1 + depth(token.children) : 0)));

const isSafe = (href: string) => ["http:", "https:", "mailto:"].includes(new URL(href).protocol);

describe("any text", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "*",
      "**",
      "***",
      "_",
      "~~",
      "`",
      "```",
      "[",
      "](",
      ")",
      ">",
      "\n",
      " ",
      "- ",
      "1. ",
      "@ann",
      "http://a.b/",
      "javascript:",
      "mailto:",
    ),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  const hostile = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(""));

  it("never throws, never links elsewhere, never nests deep", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const href of links(parseMarkdown(text))) expect(isSafe(href)).toBe(true);
        expect(depth(parseInline(text))).toBeLessThanOrEqual(4);
      }),
      { numRuns: 1_000 },
    );
  });

  it("loses nothing but marks", () => {
    const withoutLabels = hostile.filter((text) => !text.includes("["));
    fc.assert(
      fc.property(withoutLabels, (line) => {
        const bare = (text: string) => text.replace(/[*_~`]/g, "");
        expect(bare(inlineText(parseInline(line)))).toBe(bare(line));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is what was written when nothing is marked", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!/[*_~`[\n\r\u2028\u2029]|^(?:[-+•>]|\d)/.test(text));
        expect(plainText(text)).toBe(text);
      }),
    );
  });

  it("takes time that grows with its length alone", () => {
    const units = [
      "*",
      "**a",
      "_a ",
      "[",
      "[a](",
      "`",
      "``` `",
      "~~a",
      "http://:",
      "http://a(",
      "@a",
      "> ",
      "- ",
      "```\n",
      "*_~~`[",
    ];
    for (const unit of units) {
      const time = (length: number) => {
        const text = unit.repeat(length / unit.length);
        const start = performance.now();
        parseMarkdown(text);
        return performance.now() - start;
      };
      time(4_000);
      // The quickest of three: anything may come between on a machine that others use.
      expect(Math.min(time(64_000), time(64_000), time(64_000)), unit).toBeLessThan(1_000);
    }
  });
});

describe("the corpus of attacks", () => {
  it("has two hundred and more", () => expect(new Set(XSS_CORPUS).size).toBeGreaterThanOrEqual(200));

  it("is text and harmless links", () => {
    for (const text of XSS_CORPUS) {
      for (const href of links(parseMarkdown(text))) expect(isSafe(href), text).toBe(true);
      const bare = (words: string) => words.replace(/[*_~`\s]|^[>•-]/gm, "");
      if (!text.includes("](")) expect(bare(plainText(text))).toBe(bare(text));
    }
  });
});
