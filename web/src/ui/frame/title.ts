import { useEffect } from "react";
import { t } from "../../i18n";
import type { State } from "../../sync/model";
import { chatName } from "../../text/names";
import { isMuted, isUnread } from "../chats/chatFacts";
import { useMessenger } from "./messenger";
import type { Route } from "./paths";
import { useShell } from "./shell";

/** What waits to be read where it may ask for attention. */
export function unreadOf(state: State, now: number): number {
  let unread = 0;
  for (const { chat } of Object.values(state.chats)) {
    if (chat.me.archived || isMuted(chat.me, now)) continue;
    // One that was marked counts, although nothing of it is new.
    unread += Math.max(chat.me.unread, isUnread(chat.me) ? 1 : 0);
  }
  return unread;
}

/** The tab's title and the icon's badge. */
export function useTitle(route: Route | null): void {
  const shell = useShell();
  const unread = useMessenger((state) => unreadOf(state, Date.now()));
  const chatId = route && "chatId" in route ? route.chatId : null;
  const open = useMessenger((state) => {
    const entry = chatId === null ? undefined : state.chats[chatId];
    return entry && chatName(entry.chat, state.users);
  });
  const title = open ? `${open} · ${t("kit.appName")}` : t("kit.appName");
  useEffect(() => {
    document.title = unread > 0 ? t("frame.unreadTitle", { count: unread, title }) : title;
    shell.badge(unread);
  }, [shell, unread, title]);
  useEffect(
    () => () => {
      document.title = t("kit.appName");
    },
    [],
  );
}
