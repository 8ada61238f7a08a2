import {
  EmojiPicker,
  type EmojiPickerListCategoryHeaderProps,
  type EmojiPickerListEmojiProps,
  type EmojiPickerListRowProps,
} from "frimousse";
import { useState } from "react";
import { t } from "../../i18n";
import { asWritten } from "../../text/emoji";
import { useActions, useMessenger } from "../frame/messenger";
import { RecentEmoji } from "./RecentEmoji";
import { SkinTones } from "./SkinTones";
import { emojiLanguage } from "./useEmojiChoices";

/** All emoji, to be found by name; in a chunk of its own. */
export function EmojiList({ onChoose }: { onChoose: (emoji: string) => void }) {
  const actions = useActions();
  const tone = useMessenger((state) => state.emoji.tone);
  const [isSearching, setSearching] = useState(false);
  const choose = (chosen: string) => {
    const emoji = asWritten(chosen);
    actions.usedEmoji(emoji);
    onChoose(emoji);
  };
  return (
    <EmojiPicker.Root
      // From our own server, in the languages that there are names for.
      emojibaseUrl="/emoji"
      locale={emojiLanguage()}
      skinTone={tone}
      columns={8}
      onEmojiSelect={({ emoji }) => choose(emoji)}
      className="isolate flex min-h-0 flex-1 flex-col"
    >
      <EmojiPicker.Search
        aria-label={t("chat.emoji.search")}
        placeholder={t("chat.emoji.search")}
        onChange={(event) => setSearching(event.target.value.trim() !== "")}
        className="m-2 min-h-11 rounded-xl border border-line-strong bg-sunken px-3"
      />
      {!isSearching && <RecentEmoji onChoose={choose} />}
      <EmojiPicker.Viewport tabIndex={0} className="relative min-h-0 flex-1 focus-visible:-outline-offset-2">
        <EmojiPicker.Loading className="absolute inset-0 grid place-items-center text-muted text-sm">
          {t("chat.emoji.loading")}
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="absolute inset-0 grid place-items-center text-muted text-sm">
          {t("chat.emoji.none")}
        </EmojiPicker.Empty>
        <EmojiPicker.List className="select-none pb-2" components={{ CategoryHeader, Row, Emoji }} />
      </EmojiPicker.Viewport>
      <SkinTones />
    </EmojiPicker.Root>
  );
}

function CategoryHeader({ category, ...rest }: EmojiPickerListCategoryHeaderProps) {
  return (
    <div className="bg-raised px-3 py-1.5 font-medium text-muted text-xs first-letter:uppercase" {...rest}>
      {category.label}
    </div>
  );
}

function Row({ children, ...rest }: EmojiPickerListRowProps) {
  return <div {...fromOne(rest)}>{children}</div>;
}

function Emoji({ emoji, ...rest }: EmojiPickerListEmojiProps) {
  return (
    <button
      type="button"
      className="grid size-10 place-items-center rounded-lg text-2xl data-active:bg-hover"
      {...fromOne(rest)}
    >
      {emoji.emoji}
    </button>
  );
}

type Place = "aria-rowindex" | "aria-colindex";

/** Screen readers count rows and columns from 1, the picker from 0. */
function fromOne<T extends Partial<Record<Place, number>>>(props: T): T {
  const moved = { ...props };
  for (const place of ["aria-rowindex", "aria-colindex"] as const) {
    if (props[place] !== undefined) moved[place] = props[place] + 1;
  }
  return moved;
}
