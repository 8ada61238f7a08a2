import { useState } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { t } from "../../i18n";
import type { Timeline } from "../../sync/model";
import { previewText } from "../../text/markdown";
import type { ChatId, Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { ConfirmDialog } from "../kit/Dialog";
import { Icon } from "../kit/Icon";
import { OneLine } from "../kit/OneLine";
import { MenuButton, type MenuItem } from "../kit/useMenu";
import { useChatTools } from "./tools";

/** What is pinned among the messages at hand: the newest first, each press leads to the one before.
 *  Hidden it stays until something else is pinned. */
export function PinnedBar({ chatId }: { chatId: ChatId }) {
  const { canPin } = useChatTools();
  const actions = useActions();
  const [turn, setTurn] = useState(0);
  const [isUnpinning, setUnpinning] = useState(false);
  const hiddenAt = useStore(hidden, (state) => state[chatId] ?? "");
  const count = useMessenger((state) => pinnedOf(state.timelines[chatId]).length);
  const shown = useMessenger((state) => {
    const pinned = pinnedOf(state.timelines[chatId]);
    return pinned[turn % Math.max(1, pinned.length)];
  });
  const newest = useMessenger((state) => pinnedOf(state.timelines[chatId])[0]?.pinnedAt ?? "");
  if (!shown || newest <= hiddenAt) return null;
  const unpinItem: MenuItem = {
    label: t("chat.unpinForAll"),
    icon: "pin",
    isDanger: true,
    run: () => setUnpinning(true),
  };
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
      <MenuButton
        icon="dots"
        iconSize={20}
        label={t("chat.pinnedMore")}
        items={() => [
          { label: t("chat.pinnedHide"), icon: "eye-off", run: () => hidden.setState({ [chatId]: newest }) },
          ...(canPin ? [unpinItem] : []),
        ]}
      />
      {isUnpinning && (
        <ConfirmDialog
          title={t("chat.unpinTitle")}
          text={previewText(shown.content)}
          action={t("chat.unpin")}
          onConfirm={() => {
            actions.pin(shown, false);
            setUnpinning(false);
          }}
          onClose={() => setUnpinning(false)}
        />
      )}
    </div>
  );
}

/** By chat: what was pinned until then needs no bar in this tab. */
const hidden = createStore<Readonly<Record<ChatId, string>>>(() => ({}));

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
