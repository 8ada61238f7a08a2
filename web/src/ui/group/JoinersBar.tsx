import { useState } from "react";
import { t } from "../../i18n";
import type { ChatId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Icon } from "../kit/Icon";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";

const Joiners = later(async () => (await import("./Joiners")).Joiners);

/** Tells those who may let people in that somebody waits. */
export function JoinersBar({ chatId }: { chatId: ChatId }) {
  const count = useMessenger((state) => state.joiners[chatId]?.length ?? 0);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {count > 0 && (
        <button
          type="button"
          data-bar
          onClick={() => setOpen(true)}
          className="z-2 flex min-h-12 w-full shrink-0 items-center gap-2 border-line border-b bg-surface px-4 text-start hover:bg-hover"
        >
          <Icon name="person" size={18} className="text-accent" />
          <span className="flex-1 font-semibold text-accent text-sm">{t("group.joinersBar", { count })}</span>
          <Icon name="chevron" size={18} className="text-muted rtl:-scale-x-100" />
        </button>
      )}
      {isOpen && (
        <Popup onFail={() => setOpen(false)}>
          <Joiners chatId={chatId} onClose={() => setOpen(false)} />
        </Popup>
      )}
    </>
  );
}
