import { memo, type ReactNode } from "react";
import { direction, locale, t } from "../../i18n";
import type { Pending, Tick } from "../../sync/model";
import { isLargeEmoji } from "../../text/emoji";
import { nameOf } from "../../text/names";
import { RichText } from "../../text/RichText";
import { clock, fullTime } from "../../text/times";
import type { Message } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";
import { OneLine } from "../kit/OneLine";
import { Failed } from "./Failed";
import { HoverBar, PendingBar } from "./HoverBar";
import { useMentioned } from "./mentioned";
import { Quote } from "./Quote";
import { Reactions } from "./Reactions";
import { RefusedEdit } from "./RefusedEdit";
import { TickMark } from "./Tick";
import { useChatTools } from "./tools";
import { usePress } from "./usePress";
import { together, useSwipe } from "./useSwipe";

interface Props {
  message: Message | null;
  pending: Pending | null;
  isOwn: boolean;
  isFirst: boolean;
  isLast: boolean;
  tick: Tick | null;
  isFlashing: boolean;
}

/** A message as it is seen. On its way and arrived it is one component, so that nothing blinks. */
export const Bubble = memo(function Bubble(props: Props) {
  const { message, pending, isOwn, isFirst, isLast, isFlashing } = props;
  const { isGroup, canSend, reply, openMenu, openPending } = useChatTools();
  const press = usePress((at) => {
    if (pending) openPending(pending, at);
    else if (message && !message.deletedAt) openMenu(message, at);
  });
  const canReply = canSend && message !== null && !message.deletedAt;
  const swipe = useSwipe(canReply ? () => reply(message) : null);
  const hasAvatar = isGroup && !isOwn;
  const senderId = message?.senderId ?? "";
  const isLarge = !message?.deletedAt && isLargeEmoji(message?.content ?? pending?.content ?? "");
  return (
    <div className={cx("mx-auto w-full max-w-240 px-3 wide:px-6", isFirst ? "pt-2" : "pt-0.5")}>
      <div
        {...press}
        {...together(press, swipe)}
        className={cx(
          "group/bubble relative flex touch-pan-y touch-pinch-zoom items-start gap-2",
          isOwn && "flex-row-reverse",
          "data-swiped:before:absolute data-swiped:before:inset-y-0 data-swiped:before:-start-14 data-swiped:before:grid data-swiped:before:place-items-center data-swiped:before:text-2xl data-swiped:before:text-accent data-swiped:before:opacity-(--swiped) data-swiped:before:content-['↩'] rtl:data-swiped:before:content-['↪']",
        )}
      >
        {hasAvatar && <div className="w-9 shrink-0">{isFirst && <SenderAvatar id={senderId} />}</div>}
        <div
          className={cx("flex min-w-0 max-w-[min(75%,65ch)] flex-col", isOwn ? "items-end" : "items-start")}
        >
          <div
            className={cx(
              "flow-root min-w-0 max-w-full select-text pointer-coarse:select-none leading-snug rounded-2xl px-3 py-1.5 [-webkit-touch-callout:none]",
              !isLarge && "shadow-xs forced-colors:border",
              !isLarge && (isOwn ? "bg-bubble-own" : "bg-bubble-other"),
              isLast && (isOwn ? "rounded-ee-md" : "rounded-es-md"),
              isFlashing && "flash",
            )}
          >
            {hasAvatar && isFirst && <SenderName id={senderId} />}
            <Content {...props} isLarge={isLarge} />
          </div>
          {message && message.reactions.length > 0 && <Reactions message={message} />}
          {pending?.state === "failed" && <Failed pending={pending} />}
          {message && isOwn && <RefusedEdit message={message} />}
        </div>
        {message && !message.deletedAt && <HoverBar message={message} />}
        {pending && <PendingBar pending={pending} />}
      </div>
    </div>
  );
});

function Content({ message, pending, tick, isLarge }: Props & { isLarge: boolean }) {
  const mentioned = useMentioned(message?.mentions ?? pending?.mentions ?? []);
  const me = useMessenger((state) => state.me?.id);
  const { words } = useChatTools();
  const meta = <Meta message={message} pending={pending} tick={tick} />;
  if (message?.deletedAt) {
    return (
      <p className="text-muted italic">
        {t("chat.deleted")}
        {meta}
      </p>
    );
  }
  const reply = message?.replyTo ?? pending?.replyTo;
  const text = message?.content ?? pending?.content ?? "";
  return (
    <>
      {message?.forwarded && (
        <p className="flex items-center gap-1 text-muted text-xs">
          <Icon name="forward" size={14} />
          {t("chat.forwarded")}
        </p>
      )}
      {reply && <Quote reply={reply} />}
      {isLarge ? (
        <>
          <p className="whitespace-pre-wrap text-5xl leading-tight">{text}</p>
          {meta}
        </>
      ) : (
        <RichText source={text} mentioned={mentioned} me={me} words={words} end={meta} />
      )}
    </>
  );
}

/** Floats at the end of the last line, where there is room. */
function Meta({ message, pending, tick }: Pick<Props, "message" | "pending" | "tick">): ReactNode {
  const time = message?.createdAt ?? pending?.createdAt ?? "";
  const isStarred = useMessenger((state) => message !== null && state.starred.has(message.id));
  return (
    <span className="float-end ms-2 mt-1">
      <span
        dir={direction()}
        className="flex select-none items-center gap-1 text-muted text-xs tabular-nums not-italic"
      >
        {message?.pinnedAt && <Mark icon="pin" label={t("chat.pinned")} />}
        {isStarred && <Mark icon="star" label={t("chat.starred")} />}
        {message?.editedAt && !message.deletedAt && <span>{t("chat.edited")}</span>}
        <time dateTime={time} title={fullTime(time, locale())}>
          {clock(time, locale())}
        </time>
        {tick && <TickMark tick={tick} />}
      </span>
    </span>
  );
}

function Mark({ icon, label }: { icon: "pin" | "star"; label: string }) {
  return (
    <span role="img" aria-label={label} title={label}>
      <Icon name={icon} size={14} isFilled />
    </span>
  );
}

function SenderAvatar({ id }: { id: string }) {
  const name = useMessenger((state) => nameOf(state.users, id));
  return <Avatar id={id} name={name} size={36} />;
}

function SenderName({ id }: { id: string }) {
  const name = useMessenger((state) => nameOf(state.users, id));
  return <OneLine className="font-semibold text-accent text-sm">{name}</OneLine>;
}
