import { useSkinTone } from "frimousse";
import { t } from "../../i18n";
import type { Tone } from "../../text/shortcodes";
import { useActions, useMessenger } from "../frame/messenger";

const NAMES = {
  none: "chat.emoji.tone.none",
  light: "chat.emoji.tone.light",
  "medium-light": "chat.emoji.tone.mediumLight",
  medium: "chat.emoji.tone.medium",
  "medium-dark": "chat.emoji.tone.mediumDark",
  dark: "chat.emoji.tone.dark",
} as const satisfies Record<Tone, string>;

/** The colour of all emoji that have a skin, from now on. */
export function SkinTones() {
  const actions = useActions();
  const chosen = useMessenger((state) => state.emoji.tone);
  const [, , variations] = useSkinTone("👋");
  return (
    <fieldset className="short:hidden flex flex-wrap justify-center border-line border-t py-1">
      <legend className="sr-only">{t("chat.emoji.tone")}</legend>
      {variations.map(({ skinTone, emoji }) => (
        <label
          key={skinTone}
          title={t(NAMES[skinTone])}
          className="relative grid size-10 place-items-center rounded-lg text-xl hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 forced-colors:has-checked:outline-2"
        >
          <input
            type="radio"
            name="skin-tone"
            aria-label={t(NAMES[skinTone])}
            checked={skinTone === chosen}
            onChange={() => actions.chooseTone(skinTone)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          <span aria-hidden="true">{emoji}</span>
        </label>
      ))}
    </fieldset>
  );
}
