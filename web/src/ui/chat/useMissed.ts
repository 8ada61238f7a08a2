import { useCallback, useLayoutEffect, useRef } from "react";
import type { Timeline } from "../../sync/model";
import type { ChatId } from "../../wire";
import { isVisible } from "../frame/lookedAt";
import { useActions, useMessenger } from "../frame/messenger";

/**
 * Whether the first message that is not read yet came while nobody could see it here: the page was
 * hidden, or not yet caught up. Tells the timeline so, which then begins anew with what is new.
 */
export function useMissed(chatId: ChatId): (timeline: Timeline) => boolean {
  const { store, divide } = useActions();
  const isOnline = useMessenger(({ connection }) => connection.name === "online");
  const missedUpTo = useRef(0);
  useLayoutEffect(() => {
    const follow = () => {
      const isThere = isOnline && isVisible();
      if (!isThere) missedUpTo.current = Number.POSITIVE_INFINITY;
      else if (missedUpTo.current === Number.POSITIVE_INFINITY) {
        missedUpTo.current = store.getState().chats[chatId]?.chat.lastSeq ?? 0;
      }
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => document.removeEventListener("visibilitychange", follow);
  }, [store, chatId, isOnline]);

  return useCallback(
    ({ messages, dividerSeq }) => {
      const { chats, me } = store.getState();
      const readSeq = chats[chatId]?.chat.me.readSeq ?? 0;
      let first = messages.length;
      while (first > 0 && (messages[first - 1]?.seq ?? 0) > readSeq) first -= 1;
      const unread = messages
        .slice(first)
        .find(({ senderId, type }) => senderId !== me?.id && type !== "system");
      if (!unread || unread.seq > missedUpTo.current) return false;
      if (dividerSeq !== readSeq + 1) divide(chatId);
      return true;
    },
    [store, divide, chatId],
  );
}
