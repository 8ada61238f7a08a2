const HUES = 8;

/** Which of the avatar colours belongs to an id. */
export function hueOf(id: string): number {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (hash * 31 + id.charCodeAt(at)) >>> 0;
  return hash % HUES;
}

/** One or two letters, as people see letters: "Ann Lee" → "AL", "👩‍🚀 crew" → "👩‍🚀". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = firstGrapheme(words[0] ?? "");
  const last = words.length > 1 ? firstGrapheme(words[words.length - 1] ?? "") : "";
  const isPicture = /\p{Extended_Pictographic}/u.test(first);
  return (isPicture ? first : first + last).toLocaleUpperCase() || "?";
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment;
  return "";
}
