/** The emoji to choose from, by their names in the reader's language where they are known. */

import type { EmojiData } from "frimousse";

/** What today's systems can draw. */
const NEWEST_VERSION = 15;
/** Skin tones and hair: nothing by themselves. */
const COMPONENTS = 2;
const SKIN_TONES = { light: "", "medium-light": "", medium: "", "medium-dark": "", dark: "" };

/** From our own server, once a picker opens. */
export async function loadEmoji(locale: string): Promise<EmojiData> {
  const [data, messages] = await Promise.all(
    locale === "de"
      ? [import("emojibase-data/de/data.json"), import("emojibase-data/de/messages.json")]
      : [import("emojibase-data/en/data.json"), import("emojibase-data/en/messages.json")],
  );
  const emojis = data.default.flatMap(({ emoji, group, label, tags = [], version }) => {
    const isShown = group !== undefined && group !== COMPONENTS && version <= NEWEST_VERSION;
    return isShown ? [{ emoji, category: group, label, tags, version }] : [];
  });
  const categories = messages.default.groups
    .filter((group) => group.order !== COMPONENTS)
    .map((group) => ({ index: group.order, label: group.message }));
  return { locale, emojis, categories, skinTones: SKIN_TONES };
}
