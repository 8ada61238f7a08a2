/** Emoji as a reader sees them: one grapheme each. */

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const PICTURE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u;

/** A text of one to three emoji and nothing else is shown large. */
export function isLargeEmoji(text: string): boolean {
  const trimmed = text.trim();
  // Most texts are none, and finding graphemes is slow: it is asked of all loaded messages.
  if (trimmed.length > 60 || !PICTURE.test(trimmed)) return false;
  const parts = [...graphemes.segment(trimmed)].filter((part) => part.segment.trim() !== "");
  return parts.length <= 3 && parts.every((part) => PICTURE.test(part.segment));
}

/** As everybody writes it: what is a picture anyway needs no mark that makes it one. Written otherwise,
 *  the same reaction would stand there twice. */
export function asWritten(emoji: string): string {
  return emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1");
}
