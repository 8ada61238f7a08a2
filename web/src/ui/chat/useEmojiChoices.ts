import { useRef, useState } from "react";
import { locale } from "../../i18n";
import { byCode, type EmojiName, type EmojiQuery, emojiAt, inTone, matching } from "../../text/shortcodes";
import { useActions } from "../frame/messenger";

const MOST_SHOWN = 8;
const NOTHING = { text: "", caret: 0 };

/** Where the names come in two languages, everybody else types English ones. */
export function emojiLanguage(): "en" | "de" {
  return locale().startsWith("de") ? "de" : "en";
}

/** Emoji to choose from while one is typed as `:smi`. Their names are asked for once one is. */
export function useEmojiChoices(onClosed: (query: EmojiQuery, emoji: string, text: string) => void) {
  const actions = useActions();
  const names = useRef<readonly EmojiName[]>([]);
  const language = useRef<string | null>(null);
  const latest = useRef(NOTHING);
  const [query, setQuery] = useState<EmojiQuery | null>(null);
  const [choices, setChoices] = useState<readonly EmojiName[]>([]);
  const [active, setActive] = useState(0);

  const show = (wanted: EmojiQuery | null) => {
    const { recent } = actions.store.getState().emoji;
    const closing = wanted?.isClosed ? byCode(names.current, wanted.word) : undefined;
    if (wanted && closing) onClosed(wanted, toned(closing), latest.current.text);
    const isOpen = wanted !== null && !wanted.isClosed;
    setQuery(isOpen ? wanted : null);
    setChoices(isOpen ? matching(names.current, wanted.word, recent, MOST_SHOWN) : []);
    setActive(0);
  };
  const toned = (name: EmojiName) => inTone(name, actions.store.getState().emoji.tone);

  const ask = async () => {
    const wanted = emojiLanguage();
    language.current = wanted;
    try {
      names.current = await actions.emojiNames(wanted);
      show(emojiAt(latest.current.text, latest.current.caret));
    } catch {
      // Without the names one has the picker, or the keyboard; the next colon asks again.
      language.current = null;
    }
  };

  const look = (text: string, caret: number) => {
    latest.current = { text, caret };
    const isTyped = text.charAt(caret - 1) === ":" || query !== null;
    const wanted = emojiAt(text, caret);
    if ((wanted || isTyped) && language.current !== emojiLanguage()) void ask();
    if (wanted || query) show(wanted);
  };

  const close = () => {
    // What comes late is not put into another text.
    latest.current = NOTHING;
    show(null);
  };

  return { query, choices, active, setActive, look, toned, close };
}
