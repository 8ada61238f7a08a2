import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import type { Timeline } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";

/**
 * Whether the first message that is not read yet was said while nobody could see it here: the page was
 * hidden, or the server out of reach. Tells the timeline so, which then begins anew with what is new.
 */
export function useMissed(): (timeline: Timeline) => boolean {
  const { store, divide } = useActions();
  const isDown = useMessenger(({ connection }) => "since" in connection || connection.name === "asleep");
  const wasDown = useRef(false);
  /** What was said before that was missed, if it was not there when the chat was opened. */
  const seenSince = useRef(0);
  useLayoutEffect(() => {
    if (wasDown.current && !isDown) seenSince.current = Date.now();
    wasDown.current = isDown;
  }, [isDown]);
  useEffect(() => {
    const follow = () => {
      seenSince.current = document.visibilityState === "visible" ? Date.now() : Number.POSITIVE_INFINITY;
    };
    document.addEventListener("visibilitychange", follow);
    return () => document.removeEventListener("visibilitychange", follow);
  }, []);

  return useCallback(
    ({ chatId, messages, dividerSeq }) => {
      const { chats, me } = store.getState();
      const readSeq = chats[chatId]?.chat.me.readSeq ?? 0;
      let first = messages.length;
      while (first > 0 && (messages[first - 1]?.seq ?? 0) > readSeq) first -= 1;
      const unread = messages
        .slice(first)
        .find(({ senderId, type }) => senderId !== me?.id && type !== "system");
      if (!unread || Date.parse(unread.createdAt) >= seenSince.current) return false;
      if (dividerSeq !== readSeq + 1) divide(chatId);
      return true;
    },
    [store, divide],
  );
}
