/** Where words that were searched for stand in a text, as the server's search compares them. */

export interface Part {
  text: string;
  isHit: boolean;
}

/** ASCII alone: most texts, and there nothing else folds. */
const PLAIN = /^[ -~\s]*$/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The words of a query; the last may be the beginning of one. */
export function queryWords(query: string): string[] {
  return fold(query).match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** `fold`ed words against a text, whose parts come back as they were written. */
export function highlight(text: string, words: readonly string[]): Part[] {
  if (words.length === 0) return [{ text, isHit: false }];
  const { folded, origin } = foldWithOrigin(text);
  const parts: Part[] = [];
  let done = 0;
  for (const match of folded.matchAll(pattern(words))) {
    const from = origin[match.index] ?? text.length;
    const to = origin[match.index + match[0].length] ?? text.length;
    if (from < done || to <= from) continue;
    if (from > done) parts.push({ text: text.slice(done, from), isHit: false });
    parts.push({ text: text.slice(from, to), isHit: true });
    done = to;
  }
  if (done < text.length) parts.push({ text: text.slice(done), isHit: false });
  return parts;
}

/** Whether a `fold`ed text has all words of a query: whole ones, but the last may be the beginning of one. */
export function finder(query: string): (folded: string) => boolean {
  const words = queryWords(query);
  const last = /\s$/u.test(query) ? -1 : words.length - 1;
  const patterns = words.map((word, at) =>
    UNSPACED.test(word)
      ? null
      : new RegExp(`(?<![\\p{L}\\p{N}_])${word}${at === last ? "" : "(?![\\p{L}\\p{N}_])"}`, "u"),
  );
  return (folded) =>
    words.length > 0 &&
    // What is nowhere in it is the cheaper question, and answers most.
    words.every((word) => folded.includes(word)) &&
    patterns.every((pattern) => pattern?.test(folded) ?? true);
}

/** Lower case, without marks: `Ünïted` is found by `united`. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}\u0640]/gu, "");
}

function pattern(words: readonly string[]): RegExp {
  const parts = words.map((word) => (UNSPACED.test(word) ? word : `(?<![\\p{L}\\p{N}])${word}`));
  return new RegExp(parts.join("|"), "gu");
}

/** For each place in the folded text, where it came from. */
function foldWithOrigin(text: string): { folded: string; origin: number[] } {
  const origin: number[] = [];
  let folded = "";
  let at = 0;
  for (const char of text) {
    const part = fold(char);
    // What folds to nothing (a mark) belongs to what stands before it.
    for (let index = 0; index < part.length; index += 1) origin.push(at);
    folded += part;
    at += char.length;
  }
  return { folded, origin };
}
