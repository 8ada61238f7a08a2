import type { KeyboardEvent, ReactNode } from "react";
import { t } from "../../i18n";
import type { EmojiQuery } from "../../text/shortcodes";
import type { Chat } from "../../wire";
import { useActions } from "../frame/messenger";
import { OneLine } from "../kit/OneLine";
import { type Choice, ChoiceList } from "./ChoiceList";
import { MentionFace } from "./MentionFace";
import { useEmojiChoices } from "./useEmojiChoices";
import { useMentions } from "./useMentions";

const LIST_ID = "composer-choices";

interface Offer {
  label: string;
  choices: readonly Choice[];
  active: number;
  setActive: (index: number) => void;
  choose: (index: number) => void;
  close: () => void;
}

/** Puts a piece into a text, or into the one of now, in place of what stands from `from` to `to`. */
export type Insert = (piece: string, from: number, to: number, within?: string) => void;

/** What the composer offers to finish: who is mentioned, and which emoji is meant. */
export function useCompletion(chat: Chat, insert: Insert) {
  const actions = useActions();
  const mentions = useMentions(chat);
  const put = ({ from, to }: EmojiQuery, emoji: string, within?: string) => {
    actions.usedEmoji(emoji);
    insert(emoji, from, to, within);
  };
  const emoji = useEmojiChoices(put);

  const mention: Offer = {
    ...mentions,
    label: t("chat.mention.list"),
    choices: mentions.choices.map((user) => ({ key: user.id, face: <MentionFace user={user} /> })),
    choose: (index) => {
      const user = mentions.choices[index];
      if (mentions.query && user) insert(`@${user.username} `, mentions.query.from, mentions.query.to);
      mentions.close();
    },
  };
  const picture: Offer = {
    ...emoji,
    label: t("chat.emoji.list"),
    choices: emoji.choices.map((name) => ({
      key: name.emoji,
      face: (
        <>
          <span className="text-2xl">{emoji.toned(name)}</span>
          <OneLine className="first-letter:uppercase">{name.label}</OneLine>
          {name.codes[0] && <OneLine className="text-muted text-sm">:{name.codes[0]}:</OneLine>}
        </>
      ),
    })),
    choose: (index) => {
      const name = emoji.choices[index];
      if (emoji.query && name) put(emoji.query, emoji.toned(name));
      emoji.close();
    },
  };
  const offer = [mention, picture].find(({ choices }) => choices.length > 0) ?? null;

  const list: ReactNode = offer && (
    <ChoiceList
      id={LIST_ID}
      label={offer.label}
      choices={offer.choices}
      active={offer.active}
      onChoose={offer.choose}
    />
  );
  return {
    list,
    choices: offer && { listId: LIST_ID, activeId: `${LIST_ID}-${offer.active}` },
    onKey: (event: KeyboardEvent) => offer !== null && onChoiceKey(event, offer),
    look: (text: string, caret: number) => {
      mentions.look(text, caret);
      emoji.look(text, caret);
    },
    close: () => {
      mentions.close();
      emoji.close();
    },
  };
}

function onChoiceKey(event: KeyboardEvent, { choices, active, setActive, choose, close }: Offer): boolean {
  if (event.key === "ArrowDown") setActive((active + 1) % choices.length);
  else if (event.key === "ArrowUp") setActive((active + choices.length - 1) % choices.length);
  else if (event.key === "Escape") close();
  else if ((event.key === "Enter" || event.key === "Tab") && !event.nativeEvent.isComposing) choose(active);
  else return false;
  return true;
}
