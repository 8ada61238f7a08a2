import { useEffect, useState } from "react";
import { t } from "../../i18n";
import { isUnread, visibleChats } from "../chats/chatFacts";
import { announce } from "../kit/announce";
import { closeLast } from "../kit/closeRequest";
import { useActions } from "./messenger";
import { back, go } from "./navigation";
import { focusNextRegion } from "./paneFocus";
import type { Panes } from "./panes";
import { paths, sideOf } from "./paths";
import { isPressed, type ShortcutId } from "./shortcuts";

type Handlers = Partial<Record<ShortcutId, () => void>>;

/** Listens for the keys that work everywhere; what is nearer to the focus comes first. */
export function useShortcuts(panes: Panes): { isOpen: boolean; close: () => void } {
  const [isOpen, setOpen] = useState(false);
  const { store, markRead } = useActions();
  useEffect(() => {
    const toChat = (by: 1 | -1, onlyUnread: boolean) => {
      const chats = store.getState().chats;
      const ids = visibleChats(store.getState(), panes.list.name === "archived", "");
      const current = panes.main && "chatId" in panes.main ? panes.main.chatId : "";
      const at = ids.indexOf(current);
      const ahead = by === 1 ? ids.slice(at + 1) : ids.slice(0, Math.max(at, 0)).reverse();
      const id = ahead.find((id) => !onlyUnread || isUnread(chats[id]?.chat.me));
      if (id) go(paths.chat(id));
    };
    const handlers: Handlers = {
      region: focusNextRegion,
      find: () => go(paths.search()),
      sheet: () => setOpen(true),
      previousChat: () => toChat(-1, false),
      nextChat: () => toChat(1, false),
      previousUnread: () => toChat(-1, true),
      nextUnread: () => toChat(1, true),
      leave: () => {
        if (closeLast()) return;
        const { route } = panes;
        const chat = route.name === "chat" ? store.getState().chats[route.chatId]?.chat : undefined;
        if (chat && isUnread(chat.me)) {
          markRead(chat.id, chat.lastSeq);
          announce(t("chats.markedRead"));
        } else leave(panes);
      },
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isCovered()) return;
      const id = (Object.keys(handlers) as ShortcutId[]).find((id) => isPressed(id, event));
      if (!id) return;
      event.preventDefault();
      handlers[id]?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [panes, store, markRead]);
  return { isOpen, close: () => setOpen(false) };
}

/** A dialog or a menu has the keyboard to itself. */
function isCovered(): boolean {
  return document.querySelector("dialog[open], [role='menu']") !== null;
}

function leave(panes: Panes): void {
  const { route } = panes;
  if (route.name === "chatInfo") back(paths.chat(route.chatId));
  else if (route.name === "starred") back(paths.chats());
  else if (route.name === "settings" || (sideOf(route) === "list" && route.name !== "chats"))
    panes.leaveList();
  else if (route.name !== "chats") go(paths.chats());
}
