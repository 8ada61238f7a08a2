import { memo } from "react";
import { useShallow } from "zustand/shallow";
import { locale, t } from "../../i18n";
import { lastActiveAt } from "../../sync/order";
import { chatName } from "../../text/names";
import { fullTime, shortTime } from "../../text/times";
import type { ChatId } from "../../wire";
import { TickMark } from "../chat/Tick";
import { useActions, useMessenger } from "../frame/messenger";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { cx } from "../kit/cx";
import { ErrorBoundary } from "../kit/ErrorBoundary";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { OneLine } from "../kit/OneLine";
import { Badges } from "./Badges";
import { isMuted } from "./chatFacts";
import { namedIn, type Preview, previewOf } from "./preview";
import { useChatMenu } from "./useChatMenu";
import { useLongPress } from "./useLongPress";

interface Props {
  id: ChatId;
  isCurrent: boolean;
  /** The one row that the Tab key reaches. */
  isTabStop: boolean;
  /** Renders it anew each day, for "Yesterday". */
  today: number;
  position: number;
  size: number;
  /** Where it lies, in a list too long to be laid out as a whole. */
  topPx: number | null;
}

export const ChatRow = memo(function ChatRow(props: Props) {
  const entry = useMessenger((state) => state.chats[props.id]);
  return (
    <ErrorBoundary of={entry} instead={() => <BrokenRow {...props} />}>
      <SoundRow {...props} />
    </ErrorBoundary>
  );
});

function SoundRow(props: Props) {
  const { id, isCurrent, isTabStop } = props;
  const actions = useActions();
  const facts = useMessenger(
    useShallow((state) => ({
      entry: state.chats[id],
      draft: state.drafts[id],
      typing: state.typing[id],
      outbox: state.outbox[id],
      changes: state.changes[id],
      joiners: state.joiners[id]?.length ?? 0,
      me: state.me?.id ?? "",
    })),
  );
  const { entry } = facts;
  const users = useMessenger(useShallow((state) => namedIn(state.users, entry, facts.typing)));
  const peer = entry?.chat.peer?.id ?? "";
  // Without a connection nobody knows who is there now.
  const presence = useMessenger((state) =>
    "since" in state.connection ? undefined : state.presence[peer]?.status,
  );
  const menu = useChatMenu(id);
  const press = useLongPress(menu.openAt);
  if (!entry) return null;

  const { chat } = entry;
  const { row, link } = frameOf(props);
  const now = Date.now();
  const name = chatName(chat, users);
  const activeAt = lastActiveAt(entry, facts.outbox);
  const preview = previewOf({ ...facts, users, entry });
  return (
    <li aria-label={name} {...row} className={cx("group", row.className)}>
      <To
        {...link}
        draggable={false}
        onPointerEnter={() => actions.foresee(id)}
        onContextMenu={menu.openAtPointer}
        {...press}
        className={cx(
          "flex h-full select-none items-center gap-3 rounded-xl px-2 transition-colors [-webkit-touch-callout:none]",
          "focus-visible:-outline-offset-2",
          isCurrent ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <Avatar id={chat.peer?.id ?? id} name={name} presence={presence} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <OneLine className="flex-1 font-semibold">{name}</OneLine>
            {isMuted(chat.me, now) && <RowIcon name="bell-off" label={t("chats.muted")} />}
            <time
              dateTime={activeAt}
              title={fullTime(activeAt, locale())}
              className="shrink-0 text-xs text-muted"
            >
              {shortTime(activeAt, now, locale())}
            </time>
          </span>
          <span className="flex h-6 items-center gap-2">
            <PreviewLine preview={preview} />
            <Badges
              me={chat.me}
              unsent={preview.unsent}
              joiners={facts.joiners}
              isMuted={isMuted(chat.me, now)}
            />
          </span>
        </span>
      </To>
      <IconButton
        icon="dots"
        iconSize={20}
        label={t("chats.menuOf", { name })}
        aria-haspopup="menu"
        aria-expanded={menu.isOpen}
        tabIndex={isTabStop ? 0 : -1}
        onClick={(event) => menu.openAt(event.currentTarget)}
        className="absolute end-3 bottom-1.5 size-8 bg-raised opacity-0 shadow-pop focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:hidden group-hover:opacity-100"
      />
      {menu.popup}
    </li>
  );
}

/** One that this version of the client chokes on; opened it may do. */
function BrokenRow(props: Props) {
  const { row, link } = frameOf(props);
  return (
    <li {...row}>
      <To
        {...link}
        className={cx(
          "flex h-full items-center gap-3 rounded-xl px-2 text-muted italic",
          props.isCurrent ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <span className="grid size-12 place-items-center">
          <Icon name="alert" />
        </span>
        {t("chats.broken")}
      </To>
    </li>
  );
}

/** Of a row and the link that fills it, whatever they show. */
function frameOf({ id, isCurrent, isTabStop, position, size, topPx }: Props) {
  const row = {
    "aria-posinset": position,
    "aria-setsize": size,
    className: cx("h-18 px-2", topPx === null ? "relative" : "absolute inset-x-0 top-0"),
    style: topPx === null ? undefined : { transform: `translateY(${topPx}px)` },
  };
  const link = {
    href: paths.chat(id),
    "data-row": id,
    tabIndex: isTabStop ? 0 : -1,
    "aria-current": isCurrent ? ("page" as const) : undefined,
  };
  return { row, link };
}

function PreviewLine({ preview: { lead, text, kind, tick } }: { preview: Preview }) {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-1 text-sm text-muted">
      {tick && <TickMark tick={tick} />}
      {lead && (
        <span
          dir="auto"
          className={cx("max-w-1/2 shrink-0 truncate", kind === "draft" ? "text-accent" : "text-ink")}
        >
          {/* The space is for those who hear it. */}
          {lead}{" "}
        </span>
      )}
      <OneLine className={cx(kind === "typing" && "text-accent", kind === "notice" && "italic")}>
        {text}
      </OneLine>
    </span>
  );
}

function RowIcon({ name, label }: { name: "bell-off" | "pin"; label: string }) {
  return (
    <span className="shrink-0 self-center text-muted">
      <Icon name={name} size={14} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
