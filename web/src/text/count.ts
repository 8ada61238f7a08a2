/** As the server counts: Unicode scalar values, at most this many in a message. */
export const MAX_CONTENT_CHARS = 4_000;

export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
