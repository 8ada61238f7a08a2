import { highlight } from "./highlight";

/** A text with the words marked that somebody searched for. */
export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  return highlight(text, words).map((part, index) =>
    part.isHit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other identity
      <mark key={index} className="rounded-xs bg-accent/30 text-ink">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
