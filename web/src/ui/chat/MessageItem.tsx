import { type CSSProperties, useMemo } from "react";
import { t } from "../../i18n";
import type { PendingChange } from "../../sync/model";
import { tickOf, tickOfPending, tickTime } from "../../sync/ticks";
import { nameOf } from "../../text/names";
import type { Message } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Bubble } from "./Bubble";
import { itemLabel } from "./itemLabel";
import type { MessageRow } from "./rows";
import { SystemLine } from "./SystemLine";
import { systemText } from "./systemText";
import { useChatTools } from "./tools";

/** What holds a row in its place in the list. */
export interface Frame {
  ref: (element: HTMLElement | null) => void;
  "data-index": number;
  "data-key": string;
  className: string;
  style: CSSProperties;
}

export interface Place {
  frame: Frame;
  tabIndex: 0 | -1;
  position: number;
  size: number;
  isFlashing: boolean;
  today: number;
  /** Of what is said about it besides, such as that it is the first unread one. */
  describedBy?: string;
}

/** One message in the list: what it is called for those who don't see it, around what is seen. */
export function MessageItem({ row, place }: { row: MessageRow; place: Place }) {
  const { chatId, chosen } = useChatTools();
  const { message, pending, senderId } = row;
  const { today } = place;
  const isOwn = useMessenger((state) => state.me?.id === senderId);
  const sender = useMessenger((state) => (isOwn ? t("chat.you") : nameOf(state.users, senderId)));
  const tick = useMessenger((state) => {
    if (message && isOnItsWay(state.changes[chatId], message)) return "waiting";
    if (!isOwn || message?.deletedAt) return null;
    if (pending) return tickOfPending(pending);
    return tickOf(message, state.chats[chatId]?.receipts ?? {}, senderId);
  });
  const tickAt = useMessenger((state) => message && tickTime(message, tick, state.chats[chatId]?.told));
  const content = message?.deletedAt ? null : (message?.content ?? pending?.content ?? "");
  const time = message?.createdAt ?? pending?.createdAt ?? "";
  const isEdited = Boolean(message?.editedAt && !message.deletedAt);
  const isChosen = message !== null && (chosen?.has(message.id) ?? false);
  const label = useMemo(
    () => itemLabel({ sender, content, time, tick, isEdited, isChosen, today }),
    [sender, content, time, tick, isEdited, isChosen, today],
  );
  return (
    <li aria-label={label} {...attributes(place)}>
      <Bubble
        message={message}
        pending={pending}
        isOwn={isOwn}
        isFirst={row.isFirst}
        isLast={row.isLast}
        tick={tick}
        tickAt={tickAt}
        isFlashing={place.isFlashing}
      />
    </li>
  );
}

/** Others still see it as it was. */
function isOnItsWay(changes: readonly PendingChange[] | undefined, { id }: Message): boolean {
  return Boolean(
    changes?.some(({ messageId, wish, state }) => {
      const isSeen = wish.kind === "edit" || wish.kind === "delete";
      return isSeen && messageId === id && state === "waiting";
    }),
  );
}

export function SystemItem({ message, place }: { message: Message; place: Place }) {
  const text = useMessenger((state) =>
    message.system ? systemText(message.system, message.senderId, state.users, state.me?.id ?? "") : "",
  );
  const time = message.createdAt;
  const { today } = place;
  const label = useMemo(
    () => itemLabel({ sender: null, content: text, time, tick: null, isEdited: false, today }),
    [text, time, today],
  );
  return (
    <li aria-label={label} {...attributes(place)}>
      <SystemLine text={text} isFlashing={place.isFlashing} />
    </li>
  );
}

/** In the place of one that this version of the client chokes on. */
export function BrokenItem({ place }: { place: Place }) {
  return (
    <li aria-label={t("chat.broken")} {...attributes(place)}>
      <SystemLine text={t("chat.broken")} isFlashing={place.isFlashing} />
    </li>
  );
}

function attributes(place: Place) {
  return {
    ...place.frame,
    tabIndex: place.tabIndex,
    "aria-posinset": place.position,
    "aria-setsize": place.size,
    "aria-describedby": place.describedBy,
  };
}
