import { useState } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { t } from "../../i18n";
import { previewText } from "../../text/markdown";
import type { ChatId, Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { ConfirmDialog } from "../kit/Dialog";
import { Icon } from "../kit/Icon";
import { later } from "../kit/later";
import { OneLine } from "../kit/OneLine";
import { orWarn } from "../kit/orWarn";
import { Popup } from "../kit/Popup";
import { MenuButton, type MenuItem } from "../kit/useMenu";
import { useChatTools } from "./tools";
import { usePins } from "./usePins";

const PinsDialog = later(async () => (await import("./PinsDialog")).PinsDialog);

type Opened = { kind: "unpin"; message: Message } | { kind: "all" } | null;

/** What is pinned, wherever it stands: the newest first, each press leads to the one before. Hidden it
 *  stays until something else is pinned. */
export function PinnedBar({ chatId }: { chatId: ChatId }) {
  const { canPin } = useChatTools();
  const actions = useActions();
  const pins = usePins(chatId);
  const [turn, setTurn] = useState(0);
  const [opened, setOpened] = useState<Opened>(null);
  const hiddenAt = useStore(hidden, (state) => state[chatId] ?? "");
  const close = () => setOpened(null);
  const count = pins.length;
  const place = turn % Math.max(1, count);
  const shown = pins[place];
  const newest = pins[0]?.pinnedAt ?? "";
  if (!shown || newest <= hiddenAt) return null;

  const items = (): MenuItem[] => {
    const offered: (MenuItem | false)[] = [
      { label: t("chat.pinnedAll"), icon: "pin", run: () => setOpened({ kind: "all" }) },
      { label: t("chat.pinnedHide"), icon: "eye-off", run: () => hidden.setState({ [chatId]: newest }) },
      canPin && {
        label: t("chat.unpinForAll"),
        icon: "trash",
        isDanger: true,
        run: () => setOpened({ kind: "unpin", message: shown }),
      },
    ];
    return offered.filter((item) => item !== false);
  };
  return (
    <div data-bar className="z-2 flex shrink-0 items-center gap-2 border-line border-b bg-surface ps-4 pe-1">
      <Icon name="pin" size={18} className="text-accent" />
      <button
        type="button"
        className="min-h-12 min-w-0 flex-1 rounded-lg text-start text-sm hover:bg-hover"
        onClick={() => {
          orWarn(actions.jumpTo(chatId, shown.seq));
          setTurn((place + 1) % count);
        }}
      >
        <span className="block font-semibold text-accent">{t("chat.pinnedBar", { count })}</span>
        <OneLine className="text-muted">{previewText(shown.content)}</OneLine>
      </button>
      {count > 1 && (
        <span className="shrink-0 text-muted text-xs tabular-nums">
          {t("chat.pinnedPlace", { place: place + 1, count })}
        </span>
      )}
      <MenuButton icon="dots" iconSize={20} label={t("chat.pinnedMore")} items={items} />
      {opened?.kind === "all" && (
        <Popup onFail={close}>
          <PinsDialog chatId={chatId} canPin={canPin} onClose={close} />
        </Popup>
      )}
      {opened?.kind === "unpin" && (
        <ConfirmDialog
          title={t("chat.unpinTitle")}
          text={previewText(opened.message.content)}
          action={t("chat.unpin")}
          onConfirm={() => {
            actions.pin(opened.message, false);
            close();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

/** By chat: what was pinned until then needs no bar in this tab. */
const hidden = createStore<Readonly<Record<ChatId, string>>>(() => ({}));
