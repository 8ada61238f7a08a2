/** How high a row will probably be: the nearer, the less a list moves while it is measured. */

import type { Pending } from "../../sync/model";
import { isLargeEmoji } from "../../text/emoji";
import type { Message } from "../../wire";
import { hasMarks } from "./marks";
import type { Row } from "./rows";

const LINE = 22;
const BUBBLE = 12;
const NAME = 20;
const QUOTE = 48;
const REACTIONS = 32;
const FAILED = 40;
const GAP = 2;
const GROUP_GAP = 8;
/** How many characters the time takes at the end of the last line. */
const TIME_CHARS = 9;
const TIME_LINE = 20;
const LARGE = 60;

export interface Measures {
  /** How many characters a line of a bubble takes. */
  perLine: number;
  /** How much larger than usual the text is. */
  scale: number;
}

/** Of all loaded messages, which are asked for at each page that comes. */
const known = new WeakMap<Message | Pending, { hasTime: boolean; measures: Measures; height: number }>();

/** `names`: bubbles of this row's sender carry a name. */
export function estimateHeight(row: Row, hasNames: boolean, measures: Measures): number {
  if (row.kind === "day") return 40;
  if (row.kind === "unread") return 44;
  if (row.kind === "system") return 36;
  const reply = row.message?.replyTo ?? row.pending?.replyTo;
  const around =
    (row.isFirst ? GROUP_GAP : GAP) +
    (row.isFirst && hasNames ? NAME : 0) +
    (reply ? QUOTE : 0) +
    (row.message && row.message.reactions.length > 0 ? REACTIONS : 0) +
    (row.pending?.state === "failed" ? FAILED : 0);
  const hasTime = row.isLast || row.message === null || hasMarks(row.message);
  return around + BUBBLE + bodyHeight(row.message ?? row.pending, hasTime, measures);
}

function bodyHeight(said: Message | Pending, hasTime: boolean, measures: Measures): number {
  const last = known.get(said);
  if (last?.hasTime === hasTime && last.measures === measures) return last.height;
  const text = said.content ?? "";
  const { perLine, scale } = measures;
  const height = isLargeEmoji(text)
    ? (LARGE + (hasTime ? TIME_LINE : 0)) * scale
    : textHeight(text, perLine, hasTime ? TIME_CHARS : 0) * scale;
  known.set(said, { hasTime, measures, height });
  return height;
}

function textHeight(text: string, perLine: number, timeChars: number): number {
  let count = 0;
  let last = 0;
  for (const line of text.split("\n")) {
    const wanted = Math.max(1, Math.ceil(line.length / perLine));
    last = line.length - (wanted - 1) * perLine;
    count += wanted;
  }
  return count * LINE + (last + timeChars > perLine ? TIME_LINE : 0);
}

const SAMPLE = "The quick brown fox jumps over the lazy dog, and runs on 10 miles.";
/** Lines break between words and are seldom full. */
const FILLED = 0.95;

/** As the font of now is on this screen. */
export function measuresIn(element: HTMLElement): Measures {
  const style = getComputedStyle(element);
  const fontSize = Number.parseFloat(style.fontSize) || 16;
  const context = document.createElement("canvas").getContext("2d");
  let charWidth = fontSize * 0.5;
  if (context) {
    context.font = `${fontSize}px ${style.fontFamily}`;
    charWidth = context.measureText(SAMPLE).width / SAMPLE.length || charWidth;
  }
  const row = Math.min(element.clientWidth, 960) - (innerWidth >= 900 ? 48 : 24);
  const bubble = Math.min(row * 0.75, 65 * fontSize * 0.63) - 24;
  return { perLine: Math.max(10, (bubble / charWidth) * FILLED), scale: fontSize / 16 };
}
