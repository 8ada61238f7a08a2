/** A message's text as blocks of lines. */

import { type Inline, parseInline } from "./inline";

export type Block =
  /** Lines as they were broken; empty ones too. */
  | { kind: "paragraph"; lines: Inline[][] }
  | { kind: "quote"; lines: Inline[][] }
  | { kind: "list"; start: number | null; items: Inline[][] }
  | { kind: "code"; text: string };

const FENCE = /^```[\w+#-]*\s*$/;
const QUOTE = /^>\s?/;
const BULLET = /^[-*+•]\s+(?=\S)/;
const NUMBER = /^(\d{1,6})[.)]\s+(?=\S)/;

export function parseMarkdown(source: string): Block[] {
  const lines = source.split(/\r\n|[\r\n\u2028\u2029]/);
  const fences = lines.flatMap((line, index) => (FENCE.test(line) ? [index] : []));
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    while (fences[0] !== undefined && fences[0] < at) fences.shift();
    const close = fences[0] === at ? fences[1] : undefined;
    if (close !== undefined) {
      blocks.push({ kind: "code", text: lines.slice(at + 1, close).join("\n") });
      at = close;
    } else {
      addLine(blocks, line);
    }
  }
  return trimmed(blocks);
}

/** What a reader sees, without the marks: for previews, copies and search. */
export function plainText(source: string): string {
  return parseMarkdown(source).map(blockText).join("\n");
}

/** As `plainText`, on one line. */
export function previewText(source: string): string {
  return plainText(source).replace(/\s+/g, " ").trim();
}

export function inlineText(tokens: readonly Inline[]): string {
  return tokens.map((token) => ("children" in token ? inlineText(token.children) : token.text)).join("");
}

function addLine(blocks: Block[], line: string): void {
  const last = blocks[blocks.length - 1];
  const quote = QUOTE.exec(line);
  const number = NUMBER.exec(line);
  const item = number ?? BULLET.exec(line);
  if (quote) {
    const tokens = parseInline(line.slice(quote[0].length));
    if (last?.kind === "quote") last.lines.push(tokens);
    else blocks.push({ kind: "quote", lines: [tokens] });
  } else if (item) {
    const tokens = parseInline(line.slice(item[0].length));
    const isSame = last?.kind === "list" && (last.start === null) === (number === null);
    if (isSame) last.items.push(tokens);
    else blocks.push({ kind: "list", start: number ? Number(number[1]) : null, items: [tokens] });
  } else if (last?.kind === "paragraph") {
    last.lines.push(parseInline(line));
  } else {
    blocks.push({ kind: "paragraph", lines: [parseInline(line)] });
  }
}

/** Empty lines around a block are its spacing already. */
function trimmed(blocks: Block[]): Block[] {
  for (const block of blocks) {
    if (block.kind !== "paragraph") continue;
    const first = block.lines.findIndex((line) => line.length > 0);
    const last = block.lines.findLastIndex((line) => line.length > 0);
    block.lines = first < 0 ? [] : block.lines.slice(first, last + 1);
  }
  return blocks.filter((block) => block.kind !== "paragraph" || block.lines.length > 0);
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "code":
      return block.text;
    case "list":
      return block.items
        .map((item, index) => `${block.start === null ? "•" : `${block.start + index}.`} ${inlineText(item)}`)
        .join("\n");
    default:
      return block.lines.map(inlineText).join("\n");
  }
}
