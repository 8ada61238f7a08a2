/** Emoji by what people type for them: `:smi`, `:+1:`. Pure. */

import { fold } from "./highlight";

export const TONES = ["none", "light", "medium-light", "medium", "medium-dark", "dark"] as const;
/** The colour of the skin of emoji that have one. */
export type Tone = (typeof TONES)[number];

export interface EmojiName {
  emoji: string;
  /** Without their colons. */
  codes: readonly string[];
  label: string;
  /** Those of its name, to be searched. */
  words: readonly string[];
  /** Those that are said of it besides. */
  others: readonly string[];
  /** From light to dark; empty where it has no skin. */
  tones: readonly string[];
}

/** As the server lists them. */
export type EmojiRow = [emoji: string, codes: string[], label: string, tags: string[], tones: string[]];

/** Made ready once: it is looked through at each key. */
export function emojiName([emoji, codes, label, tags, tones]: EmojiRow): EmojiName {
  const words = [label, ...codes].flatMap(wordsOf);
  return { emoji, codes, label, words, others: tags.flatMap(wordsOf), tones };
}

function wordsOf(text: string): string[] {
  return fold(text).split(/[\s_-]+/);
}

export interface EmojiQuery {
  /** Where the colon stands. */
  from: number;
  to: number;
  word: string;
  /** A second colon has ended it. */
  isClosed: boolean;
}

const TYPED = /(?:^|[^\p{L}\p{N}_:/])(:([\p{L}\p{N}_+-]{1,40})(:?))$/u;
/** Less would get in the way of what is no emoji at all. */
const LEAST = 2;

/** The emoji that is being typed at the caret, unless it is code. */
export function emojiAt(text: string, caret: number): EmojiQuery | null {
  const before = text.slice(0, caret);
  const [, typed = "", word = "", end] = TYPED.exec(before) ?? [];
  const isClosed = end === ":";
  if (word === "" || (!isClosed && word.length < LEAST) || isInCode(before)) return null;
  return { from: caret - typed.length, to: caret, word: fold(word), isClosed };
}

function isInCode(before: string): boolean {
  if (((before.match(/^```/gm) ?? []).length & 1) === 1) return true;
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return ((line.match(/`+/g) ?? []).length & 1) === 1;
}

/** The fitting ones, the best first; `recent` ones before others that fit as well. */
export function matching(
  names: readonly EmojiName[],
  word: string,
  recent: readonly string[],
  limit: number,
): EmojiName[] {
  return names
    .map((name) => ({ name, fit: fitOf(name, word), isRecent: isAmong(name, recent) }))
    .filter(({ fit }) => fit !== null)
    .sort((a, b) => Number(b.isRecent) - Number(a.isRecent) || (a.fit ?? 0) - (b.fit ?? 0))
    .slice(0, limit)
    .map(({ name }) => name);
}

export function byCode(names: readonly EmojiName[], code: string): EmojiName | undefined {
  return names.find(({ codes }) => codes.includes(code));
}

export function inTone({ emoji, tones }: EmojiName, tone: Tone): string {
  return tones[TONES.indexOf(tone) - 1] ?? emoji;
}

function isAmong({ emoji, tones }: EmojiName, recent: readonly string[]): boolean {
  return recent.some((used) => used === emoji || tones.includes(used));
}

/** The less the better: the code itself, its beginning, that of a word in a name, that of another word. */
function fitOf({ codes, words, others }: EmojiName, word: string): number | null {
  const begins = (text: string) => text.startsWith(word);
  const starting = codes.filter(begins).map((code) => code.length);
  if (starting.length > 0) return Math.min(...starting);
  if (words.some(begins)) return 100;
  return others.some(begins) ? 200 : null;
}
