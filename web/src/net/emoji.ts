/** The names of emoji, in the languages that there are some for. */

import * as v from "valibot";
import { type EmojiName, emojiName } from "../text/shortcodes";
import { unanswered, unreadable } from "./problem";

const strings = v.array(v.string());
const row = v.strictTuple([v.string(), strings, v.string(), strings, strings]);
const schema = v.array(v.pipe(row, v.transform(emojiName)));

export async function emojiNames(language: "en" | "de"): Promise<EmojiName[]> {
  const response = await fetch(`/emoji/${language}/names.json`).catch(() => {
    throw unanswered();
  });
  const read = v.safeParse(schema, await response.json().catch(() => null));
  if (!response.ok || !read.success) throw unreadable();
  return read.output;
}
