import type { ReactNode } from "react";
import { t } from "../../i18n";
import type { Pending } from "../../sync/model";
import type { Message } from "../../wire";
import { IconButton } from "../kit/IconButton";
import { useChatTools } from "./tools";

const BAR =
  "relative flex self-center opacity-0 focus-within:opacity-100 group-focus-within/item:opacity-100 group-hover/bubble:opacity-100 max-wide:hidden pointer-coarse:hidden";

/** Beside a bubble under the pointer or the focus; fingers hold the bubble down instead. */
export function HoverBar({ message, children }: { message: Message; children: ReactNode }) {
  const { canSend, reply, openMenu } = useChatTools();
  return (
    <div className={BAR}>
      {canSend && (
        <IconButton
          tabIndex={-1}
          icon="reply"
          iconSize={18}
          className="size-8"
          label={t("chat.reply")}
          onClick={() => reply(message)}
        />
      )}
      <IconButton
        tabIndex={-1}
        icon="smile"
        iconSize={18}
        className="size-8"
        label={t("chat.moreActions")}
        aria-haspopup="menu"
        onClick={(event) => openMenu(message, event.currentTarget)}
      />
      {children}
    </div>
  );
}

export function PendingBar({ pending }: { pending: Pending }) {
  const { openPending } = useChatTools();
  return (
    <div className={BAR}>
      <IconButton
        tabIndex={-1}
        icon="dots"
        iconSize={18}
        className="size-8"
        label={t("chat.moreActions")}
        aria-haspopup="menu"
        onClick={(event) => openPending(pending, event.currentTarget)}
      />
    </div>
  );
}
