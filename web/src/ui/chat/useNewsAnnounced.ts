import { useEffect, useRef } from "react";
import { t } from "../../i18n";
import type { Timeline } from "../../sync/model";
import { previewText } from "../../text/markdown";
import { nameOf } from "../../text/names";
import { useActions, useMessenger } from "../frame/messenger";
import { announce } from "../kit/announce";

const PAUSE_MS = 1_000;

/** Has new messages of others read out: only of the open chat, never history, at most one a second. */
export function useNewsAnnounced(timeline: Timeline): void {
  const { store } = useActions();
  const me = useMessenger((state) => state.me?.id);
  const last = timeline.messages[timeline.messages.length - 1]?.seq ?? 0;
  const told = useRef(timeline.newer === "end" ? last : null);
  const quietUntil = useRef(0);
  useEffect(() => {
    if (timeline.newer !== "end") {
      told.current = null;
      return;
    }
    // Arrived at the end by reading on: what is there is no news.
    if (told.current === null) told.current = last;
    const from = told.current;
    const news = timeline.messages.filter(
      (message) => message.seq > from && message.senderId !== me && message.type !== "system",
    );
    const newest = news[news.length - 1];
    if (!newest) return;
    const timer = setTimeout(
      () => {
        told.current = last;
        quietUntil.current = Date.now() + PAUSE_MS;
        const name = nameOf(store.getState().users, newest.senderId);
        const one = t("chat.news.one", { name, text: previewText(newest.content) });
        announce(news.length === 1 ? one : t("chat.news.many", { count: news.length }));
      },
      Math.max(0, quietUntil.current - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [timeline, last, me, store]);
}
