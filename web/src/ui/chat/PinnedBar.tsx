import { useState } from "react";
import { t } from "../../i18n";
import type { Timeline } from "../../sync/model";
import { previewText } from "../../text/markdown";
import type { ChatId, Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { failureOf, wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { OneLine } from "../kit/OneLine";
import { toast } from "../kit/toast";
import { useChatTools } from "./tools";

/** What is pinned among the messages at hand: the newest first, each press leads to the one before. */
export function PinnedBar({ chatId }: { chatId: ChatId }) {
  const { canPin } = useChatTools();
  const actions = useActions();
  const [turn, setTurn] = useState(0);
  const count = useMessenger((state) => pinnedOf(state.timelines[chatId]).length);
  const shown = useMessenger((state) => {
    const pinned = pinnedOf(state.timelines[chatId]);
    return pinned[turn % Math.max(1, pinned.length)];
  });
  if (!shown) return null;
  return (
    <div className="z-2 flex shrink-0 items-center gap-2 border-line border-b bg-surface ps-4 pe-1">
      <Icon name="pin" size={18} className="text-accent" />
      <button
        type="button"
        className="min-h-12 min-w-0 flex-1 rounded-lg text-start text-sm hover:bg-hover"
        onClick={() => {
          void actions.jumpTo(chatId, shown.seq);
          setTurn((turn + 1) % count);
        }}
      >
        <span className="block font-semibold text-accent">{t("chat.pinnedBar", { count })}</span>
        <OneLine className="text-muted">{previewText(shown.content)}</OneLine>
      </button>
      {canPin && (
        <IconButton
          icon="close"
          iconSize={20}
          label={t("chat.unpin")}
          onClick={() => actions.pin(shown, false).catch((error) => toast(wordsFor(failureOf(error))))}
        />
      )}
    </div>
  );
}

const known = new WeakMap<readonly Message[], Message[]>();

/** Looked for once in each state of a timeline, however often it is asked. */
function pinnedOf(timeline: Timeline | undefined): Message[] {
  if (!timeline) return [];
  let pinned = known.get(timeline.messages);
  if (!pinned) {
    pinned = timeline.messages.filter((message) => message.pinnedAt && !message.deletedAt);
    pinned.sort((a, b) => (b.pinnedAt ?? "").localeCompare(a.pinnedAt ?? ""));
    known.set(timeline.messages, pinned);
  }
  return pinned;
}
