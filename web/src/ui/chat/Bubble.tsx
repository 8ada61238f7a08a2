import { memo, type ReactNode } from "react";
import { direction, locale, t } from "../../i18n";
import type { Pending, Tick } from "../../sync/model";
import { isLargeEmoji } from "../../text/emoji";
import { nameOf } from "../../text/names";
import { RichText } from "../../text/RichText";
import { clock, fullTime } from "../../text/times";
import type { Message, Timestamp } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { followOwn } from "../frame/navigation";
import { Avatar } from "../kit/Avatar";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";
import { OneLine } from "../kit/OneLine";
import { Failed } from "./Failed";
import { HoverBar, PendingBar } from "./HoverBar";
import { hasMarks } from "./marks";
import { useMentioned } from "./mentioned";
import { PickBox } from "./PickBox";
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
  /** Since when. */
  tickAt: string | null;
  isFlashing: boolean;
}

/** A message as it is seen. On its way and arrived it is one component, so that nothing blinks. */
export const Bubble = memo(function Bubble(props: Props) {
  const { message, pending, isOwn, isFirst, isLast, tick, tickAt, isFlashing } = props;
  const { isGroup, canSend, chosen, reply, openMenu, openPending } = useChatTools();
  const press = usePress((at) => {
    if (chosen) return;
    if (pending) openPending(pending, at);
    else if (message && !message.deletedAt) openMenu(message, at);
  });
  const canReply = canSend && !chosen && message !== null && !message.deletedAt;
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
          chosen && "ps-9",
          "data-swiped:before:absolute data-swiped:before:inset-y-0 data-swiped:before:-start-14 data-swiped:before:grid data-swiped:before:place-items-center data-swiped:before:text-2xl data-swiped:before:text-accent data-swiped:before:opacity-(--swiped) data-swiped:before:content-['↩'] rtl:data-swiped:before:content-['↪']",
        )}
      >
        {hasAvatar && <div className="w-9 shrink-0">{isFirst && <SenderAvatar id={senderId} />}</div>}
        <div
          className={cx("flex min-w-0 max-w-[min(75%,65ch)] flex-col", isOwn ? "items-end" : "items-start")}
        >
          <div
            data-bubble
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
        {message && !message.deletedAt && (
          <HoverBar message={message}>
            {!hasMeta(props) && (
              <HiddenMeta time={message.createdAt} tick={tick} tickAt={tickAt} isOwn={isOwn} />
            )}
          </HoverBar>
        )}
        {chosen && message && !message.deletedAt && <PickBox message={message} />}
        {pending && <PendingBar pending={pending} />}
      </div>
    </div>
  );
});

/** Within a group the last one tells when it was, and how far it has come; what is on its way tells it itself. */
function hasMeta({ message, isLast, tick }: Props): boolean {
  return isLast || message === null || tick === "waiting" || hasMarks(message);
}

function Content({ isLarge, ...props }: Props & { isLarge: boolean }) {
  const { message, pending, tick, tickAt } = props;
  const mentioned = useMentioned(message?.mentions ?? pending?.mentions ?? []);
  const me = useMessenger((state) => state.me?.id);
  const { words, showPerson } = useChatTools();
  const isStarred = useMessenger((state) => message !== null && state.starred.has(message.id));
  const meta = (isStarred || hasMeta(props)) && (
    <Meta message={message} pending={pending} tick={tick} tickAt={tickAt} isStarred={isStarred} />
  );
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
        <RichText
          source={text}
          mentioned={mentioned}
          me={me}
          words={words}
          onMention={showPerson}
          onLink={followOwn}
          end={meta}
        />
      )}
    </>
  );
}

type MetaProps = Pick<Props, "message" | "pending" | "tick" | "tickAt"> & { isStarred: boolean };

/** Floats at the end of the last line, where there is room. */
function Meta({ message, pending, tick, tickAt, isStarred }: MetaProps): ReactNode {
  const time = message?.createdAt ?? pending?.createdAt ?? "";
  return (
    <span className="float-end ms-2 mt-1">
      <span
        dir={direction()}
        className="flex select-none items-center gap-1 text-muted text-xs tabular-nums not-italic"
      >
        {message?.pinnedAt && <Mark icon="pin" label={t("chat.pinned")} />}
        {isStarred && <Mark icon="star" label={t("chat.starred")} />}
        {message?.editedAt && !message.deletedAt && <span>{t("chat.edited")}</span>}
        <Clock time={time} />
        {tick && <TickMark tick={tick} since={tickAt} />}
      </span>
    </span>
  );
}

type HiddenProps = Pick<Props, "tick" | "tickAt" | "isOwn"> & { time: Timestamp };

/** Beside the bubble, for who asks; it takes no room from any. */
function HiddenMeta({ time, tick, tickAt, isOwn }: HiddenProps) {
  return (
    <span
      className={cx(
        "absolute inset-y-0 flex select-none items-center gap-1 whitespace-nowrap px-1 text-muted text-xs tabular-nums",
        isOwn ? "end-full" : "start-full",
      )}
    >
      <Clock time={time} />
      {tick && <TickMark tick={tick} since={tickAt} />}
    </span>
  );
}

function Clock({ time }: { time: Timestamp }) {
  return (
    <time dateTime={time} title={fullTime(time, locale())}>
      {clock(time, locale())}
    </time>
  );
}

function Mark({ icon, label }: { icon: "pin" | "star"; label: string }) {
  return (
    <span role="img" aria-label={label} title={label}>
      <Icon name={icon} size={14} isFilled />
    </span>
  );
}

/** The name beside it does the same, and so does the menu for those without a pointer. */
function SenderAvatar({ id }: { id: string }) {
  const name = useMessenger((state) => nameOf(state.users, id));
  const { showPerson } = useChatTools();
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      onClick={() => showPerson(id)}
      className="block rounded-full"
    >
      <Avatar id={id} name={name} size={36} />
    </button>
  );
}

function SenderName({ id }: { id: string }) {
  const name = useMessenger((state) => nameOf(state.users, id));
  const { showPerson } = useChatTools();
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => showPerson(id)}
      className="-my-0.5 block min-h-6 max-w-full py-0.5 text-start font-semibold text-accent text-sm hover:underline"
    >
      <OneLine>{name}</OneLine>
    </button>
  );
}
