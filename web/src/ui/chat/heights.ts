/** How high a row will probably be: the nearer, the less a list moves while it is measured. */

import { isLargeEmoji } from "../../text/emoji";
import type { Row } from "./rows";

const LINE = 21;
const BUBBLE = 16;
const NAME = 20;
const QUOTE = 50;
const REACTIONS = 30;
const GAP = 2;
const GROUP_GAP = 8;

/** `width`: of the whole list. `scale`: how much larger than usual the text is. */
export function estimateHeight(row: Row, width: number, isGroup: boolean, isOwn: boolean, scale = 1): number {
  if (row.kind === "day" || row.kind === "unread") return 44;
  if (row.kind === "system") return 36;
  const text = row.message?.content ?? row.pending?.content ?? "";
  const start = row.isFirst ? GROUP_GAP : GAP;
  if (isLargeEmoji(text)) return start + 78;
  const reply = row.message?.replyTo ?? row.pending?.replyTo;
  const failed = row.pending?.state === "failed" ? 48 : 0;
  return (
    start +
    BUBBLE +
    lines(text, bubbleWidth(width) / (7.4 * scale)) * LINE * scale +
    (row.isFirst && isGroup && !isOwn ? NAME : 0) +
    (reply ? QUOTE : 0) +
    (row.message && row.message.reactions.length > 0 ? REACTIONS : 0) +
    failed
  );
}

function bubbleWidth(width: number): number {
  return Math.min(Math.min(width, 960) * 0.75, 560) - 24;
}

/** The time stands at the end of the last line and takes some room there. */
function lines(text: string, perLine: number): number {
  let count = 0;
  for (const line of text.split("\n")) count += Math.max(1, Math.ceil(line.length / perLine));
  const last = text.length - text.lastIndexOf("\n") - 1;
  return last % perLine > perLine - 9 ? count + 1 : count;
}
