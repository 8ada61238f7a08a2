import { t } from "../../i18n";
import type { ChatMe } from "../../wire";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";

interface Props {
  me: ChatMe;
  /** How many own messages failed. */
  unsent: number;
  /** How many ask to be let in. */
  joiners: number;
  isMuted: boolean;
}

/** What came to nothing, how much there is to read, whether I am meant, who waits, and that it stays on top. */
export function Badges({ me, unsent, joiners, isMuted }: Props) {
  const isMarked = me.unread === 0 && me.unreadFrom != null;
  return (
    <>
      {unsent > 0 && (
        <span className="shrink-0 text-danger">
          <Icon name="alert" size={18} />
          <span className="sr-only">{t("chats.unsent", { count: unsent })}</span>
        </span>
      )}
      {me.mentions > 0 && (
        <span className={cx(PILL, "bg-accent text-on-accent")}>
          <Icon name="at" size={14} />
          <span className="sr-only">{t("chats.mentioned")}</span>
        </span>
      )}
      {joiners > 0 && (
        <span className={cx(PILL, "gap-0.5 bg-accent-soft text-accent")}>
          <Icon name="person" size={14} />
          <span aria-hidden="true">{joiners}</span>
          <span className="sr-only">{t("group.joinersBar", { count: joiners })}</span>
        </span>
      )}
      {(me.unread > 0 || isMarked) && (
        <span
          className={cx(PILL, isMuted ? "bg-badge-quiet text-on-badge-quiet" : "bg-accent text-on-accent")}
        >
          <span aria-hidden="true">{me.unread > 999 ? "999+" : me.unread || ""}</span>
          <span className="sr-only">
            {isMarked ? t("chats.markedUnread") : t("chats.unread", { count: me.unread })}
          </span>
        </span>
      )}
      {me.pinned && me.unread === 0 && (
        <span className="shrink-0 text-muted">
          <Icon name="pin" size={16} />
          <span className="sr-only">{t("chats.pinned")}</span>
        </span>
      )}
    </>
  );
}

const PILL =
  "inline-flex h-5.5 min-w-5.5 shrink-0 items-center justify-center rounded-full px-1.5 text-xs font-semibold forced-colors:border";
