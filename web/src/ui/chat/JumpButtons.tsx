import { useId } from "react";
import { t } from "../../i18n";
import type { Timeline } from "../../sync/model";
import type { ChatId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Icon } from "../kit/Icon";
import type { IconName } from "../kit/icons";
import { orWarn } from "../kit/orWarn";
import type { Goal } from "./goal";

interface Props {
  chatId: ChatId;
  timeline: Timeline;
  isFar: boolean;
  goTo: (goal: Goal) => void;
}

/** Ways back to what is new, once the reader is far from it. */
export function JumpButtons({ chatId, timeline, isFar, goTo }: Props) {
  const actions = useActions();
  const unread = useMessenger((state) => state.chats[chatId]?.chat.me.unread ?? 0);
  const mentions = useMessenger((state) => state.chats[chatId]?.chat.me.mentions ?? 0);
  if (!isFar) return null;

  const toMention = () => {
    const { me, chats } = actions.store.getState();
    const readSeq = chats[chatId]?.chat.me.readSeq ?? 0;
    const next = timeline.messages.find(
      (message) => message.seq > readSeq && me !== null && message.mentions.includes(me.id),
    );
    if (next) goTo({ kind: "seq", seq: next.seq });
    else orWarn(actions.jumpToMention(chatId));
  };
  const toLatest = () => {
    if (timeline.newer === "end") goTo({ kind: "end" });
    else orWarn(actions.jumpToLatest(chatId));
  };

  return (
    <div className="absolute end-4 bottom-4 z-2 flex flex-col gap-3">
      {mentions > 0 && (
        <RoundButton icon="at" label={t("chat.jumpToMention")} count={mentions} onClick={toMention} />
      )}
      <RoundButton icon="down" label={t("chat.jumpToLatest")} count={unread} onClick={toLatest} />
    </div>
  );
}

interface RoundButtonProps {
  icon: IconName;
  label: string;
  count: number;
  onClick: () => void;
}

function RoundButton({ icon, label, count, onClick }: RoundButtonProps) {
  const id = useId();
  return (
    <button
      type="button"
      aria-label={label}
      aria-describedby={count > 0 ? id : undefined}
      title={label}
      onClick={onClick}
      className="fade-in relative grid size-11 place-items-center rounded-full bg-raised text-muted shadow-pop hover:text-ink forced-colors:border"
    >
      <Icon name={icon} size={22} />
      {count > 0 && (
        <span className="absolute -top-1.5 inset-e-0 mx-auto grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1.5 font-semibold text-on-accent text-xs">
          <span aria-hidden="true">{count > 999 ? "999+" : count}</span>
          <span id={id} className="sr-only">
            {t("chat.unreadCount", { count })}
          </span>
        </span>
      )}
    </button>
  );
}
