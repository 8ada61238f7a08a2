import { listOf, t } from "../../i18n";
import { nameOf } from "../../text/names";
import type { Message, Reaction } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { cx } from "../kit/cx";

/** Pills below a bubble; pressing one joins or leaves those who reacted so. */
export function Reactions({ message }: { message: Message }) {
  return (
    <div className="flex flex-wrap gap-1 pt-1">
      {message.reactions.map((reaction) => (
        <Pill key={reaction.emoji} message={message} reaction={reaction} />
      ))}
    </div>
  );
}

function Pill({ message, reaction }: { message: Message; reaction: Reaction }) {
  const actions = useActions();
  const names = useMessenger((state) => {
    const known = reaction.userIds.map((id) =>
      id === state.me?.id ? t("chat.you") : nameOf(state.users, id),
    );
    const others = reaction.count - known.length;
    return listOf(others > 0 ? [...known, t("chat.reaction.others", { count: others })] : known);
  });
  const { emoji, count, mine } = reaction;
  return (
    <button
      type="button"
      aria-pressed={mine}
      aria-label={t("chat.reaction.label", { emoji, count, names })}
      title={names}
      onClick={() => actions.react(message, emoji, !mine)}
      className={cx(
        "flex h-7 min-w-11 items-center justify-center gap-1 rounded-full border px-2 text-sm tabular-nums",
        mine
          ? "border-accent bg-accent-soft text-accent"
          : "border-line bg-surface text-muted hover:bg-hover",
      )}
    >
      <span className="text-base leading-none">{emoji}</span>
      {count}
    </button>
  );
}
