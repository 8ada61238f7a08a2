/**
 * One line of restricted Markdown as a tree of tokens.
 *
 * Every reader of a message renders from these and nothing else, so no text can become markup. One
 * pass, and no style opens inside itself: time is linear and depth at most four, whatever is sent.
 */

import { type Found, findCode, findLabelled, findLink, findMention } from "./spans";

export type Style = "bold" | "italic" | "strike";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string }
  /** Somebody's user name, without the `@`; whether it is anybody's the reader decides. */
  | { kind: "mention"; text: string; username: string }
  | { kind: Style; children: Inline[] };

/** A delimiter that may open or close, or something finished. `pair` links both ends. */
type Piece = { leaf: Inline } | { style: Style; marker: string; pair: "open" | "close" | null };

export function parseInline(line: string): Inline[] {
  return assemble(matched(line));
}

function matched(line: string): Piece[] {
  const pieces: Piece[] = [];
  const open: number[] = [];
  const code = findCode(line);
  let plainFrom = 0;
  let at = 0;
  const flush = (to: number) => {
    if (to > plainFrom) pieces.push({ leaf: { kind: "text", text: line.slice(plainFrom, to) } });
  };
  while (at < line.length) {
    const found = spanAt(line, at, code);
    if (found) {
      flush(at);
      pieces.push({ leaf: found.token });
      at = plainFrom = found.end;
      continue;
    }
    const length = runLength(line, at);
    if (isDelimiter(line[at], length)) {
      flush(at);
      takeRun(line, at, length, pieces, open);
      plainFrom = at + length;
    }
    at += length;
  }
  flush(line.length);
  return pieces;
}

function spanAt(line: string, at: number, code: ReadonlyMap<number, Found>): Found | null {
  switch (line[at]) {
    case "`":
      return code.get(at) ?? null;
    case "[":
      return findLabelled(line, at);
    case "@":
      return findMention(line, at);
    case "h":
    case "H":
    case "m":
    case "M":
      return findLink(line, at);
    default:
      return null;
  }
}

function runLength(line: string, at: number): number {
  const char = line[at];
  if (char !== "*" && char !== "_" && char !== "~" && char !== "`") return 1;
  let end = at + 1;
  while (line[end] === char) end += 1;
  return end - at;
}

function isDelimiter(char: string | undefined, length: number): boolean {
  return (char === "*" && length <= 3) || (char === "_" && length === 1) || (char === "~" && length === 2);
}

/** Closes what it can, then opens what is left: `***` may be both ends of bold and italic. */
function takeRun(line: string, at: number, length: number, pieces: Piece[], open: number[]): void {
  const char = line[at] ?? "";
  const before = line[at - 1] ?? " ";
  const after = line[at + length] ?? " ";
  const isInWord = length === 1 && /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
  const canClose = !/\s/.test(before) && !isInWord;
  const canOpen = !/\s/.test(after) && !isInWord;
  let left = length;
  while (canClose && left > 0) {
    const style = closable(char, left, pieces, open);
    if (style === null) break;
    const width = style === "italic" ? 1 : 2;
    pieces.push({ style, marker: char.repeat(width), pair: "close" });
    left -= width;
  }
  while (left > 0) {
    const style = char === "~" ? "strike" : left >= 2 ? "bold" : "italic";
    const width = style === "italic" ? 1 : 2;
    const isOpen = open.some((index) => styleAt(pieces, index) === style);
    pieces.push({ style, marker: char.repeat(width), pair: null });
    if (canOpen && !isOpen) open.push(pieces.length - 1);
    left -= width;
  }
}

/** The innermost open style that this marker ends; what was opened inside it stays plain. */
function closable(char: string, left: number, pieces: Piece[], open: number[]): Style | null {
  for (let depth = open.length - 1; depth >= 0; depth -= 1) {
    const index = open[depth] ?? 0;
    const piece = pieces[index];
    if (!piece || "leaf" in piece) continue;
    const isMine = piece.marker[0] === char && piece.marker.length <= left;
    if (!isMine || index === pieces.length - 1) continue;
    piece.pair = "open";
    open.length = depth;
    return piece.style;
  }
  return null;
}

function styleAt(pieces: Piece[], index: number): Style | null {
  const piece = pieces[index];
  return piece && "style" in piece ? piece.style : null;
}

function assemble(pieces: Piece[]): Inline[] {
  const root: Inline[] = [];
  const path: Inline[][] = [root];
  for (const piece of pieces) {
    const siblings = path[path.length - 1] ?? root;
    if ("leaf" in piece) pushLeaf(siblings, piece.leaf);
    else if (piece.pair === null) pushLeaf(siblings, { kind: "text", text: piece.marker });
    else if (piece.pair === "close") path.pop();
    else {
      const children: Inline[] = [];
      siblings.push({ kind: piece.style, children });
      path.push(children);
    }
  }
  return root;
}

function pushLeaf(siblings: Inline[], leaf: Inline): void {
  const last = siblings[siblings.length - 1];
  if (leaf.kind === "text" && last?.kind === "text") last.text += leaf.text;
  else siblings.push(leaf);
}
