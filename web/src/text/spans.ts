/** What stands in a line as one piece: code, links, mentions. */

import type { Inline } from "./inline";

export interface Found {
  token: Inline;
  /** Where the line goes on. */
  end: number;
}

const MAX_LABEL = 200;
const MAX_ADDRESS = 2_000;
const SCHEME = /https?:\/\/|mailto:/iy;
const LOOKS_LIKE_ADDRESS = /:\/\/|^\s*(?:www\.|mailto:)|^\s*[\w-]+(?:\.[\w-]+)+/i;

/** Code spans by where they begin: a run of backticks ends at the next run of the same length. */
export function findCode(line: string): Map<number, Found> {
  const runs = [...line.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const nextOfLength = new Map<number, { at: number; length: number }>();
  const ends = new Map<number, number>();
  for (const run of runs.reverse()) {
    const close = nextOfLength.get(run.length);
    if (close) ends.set(run.at, close.at);
    nextOfLength.set(run.length, run);
  }
  const found = new Map<number, Found>();
  for (const run of runs.reverse()) {
    const close = ends.get(run.at);
    if (close === undefined) continue;
    const text = line.slice(run.at + run.length, close);
    found.set(run.at, { token: { kind: "code", text }, end: close + run.length });
  }
  return found;
}

/** `[label](address)`. A label that looks like an address could lie about where it leads. */
export function findLabelled(line: string, at: number): Found | null {
  let end = at + 1;
  while (end < line.length && end - at <= MAX_LABEL && line[end] !== "]" && line[end] !== "[") end += 1;
  if (line[end] !== "]" || line[end + 1] !== "(") return null;
  const text = line.slice(at + 1, end);
  const from = end + 2;
  end = from;
  while (end < line.length && end - from <= MAX_ADDRESS && !/[\s()[\]<>]/.test(line[end] ?? "")) end += 1;
  if (line[end] !== ")" || text.trim() === "" || LOOKS_LIKE_ADDRESS.test(text)) return null;
  const href = safeHref(line.slice(from, end));
  return href === null ? null : { token: { kind: "link", text, href }, end: end + 1 };
}

/** A bare address, without the punctuation of the sentence it ends. */
export function findLink(line: string, at: number): Found | null {
  if (isWord(line[at - 1])) return null;
  SCHEME.lastIndex = at;
  if (!SCHEME.test(line)) return null;
  let end = at;
  let depth = 0;
  while (end < line.length && end - at <= MAX_ADDRESS && !/[\s<>"`]/.test(line[end] ?? "")) {
    if (line[end] === "(") depth += 1;
    if (line[end] === ")") depth -= 1;
    end += 1;
  }
  while (end > at) {
    const last = line[end - 1] ?? "";
    if (last === ")" && depth < 0) depth += 1;
    else if (!/[.,:;!?'*_~\]}]/.test(last)) break;
    end -= 1;
  }
  const text = line.slice(at, end);
  const href = safeHref(text);
  return { token: href === null ? { kind: "text", text } : { kind: "link", text, href }, end };
}

/** `@ann`, as user names are written; a dot at the end is the sentence's. */
export function findMention(line: string, at: number): Found | null {
  if (isWord(line[at - 1])) return null;
  const name = /^[a-z0-9][a-z0-9_.]{2,31}/i.exec(line.slice(at + 1, at + 34))?.[0].replace(/\.+$/, "");
  if (name === undefined || name.length < 3) return null;
  const end = at + 1 + name.length;
  const token = { kind: "mention", text: line.slice(at, end), username: name.toLowerCase() } as const;
  return { token, end };
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}_@/]/u.test(char);
}

/** The address as the browser understands it, if it leads where a link may lead. */
export function safeHref(address: string): string | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  const isMail = url.protocol === "mailto:" && url.pathname.includes("@");
  return isWeb || isMail ? url.href : null;
}
