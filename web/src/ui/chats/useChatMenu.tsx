import { useState } from "react";
import { t } from "../../i18n";
import type { Messenger } from "../../sync/messenger";
import type { ChatEntry } from "../../sync/model";
import { chatName } from "../../text/names";
import type { ChatId } from "../../wire";
import { canLeave } from "../chat/rights";
import { useActions } from "../frame/messenger";
import { backTo } from "../frame/navigation";
import { paths, routeOf } from "../frame/paths";
import { toast } from "../kit/toast";
import { type Menu, type MenuItem, useMenu } from "../kit/useMenu";
import { ALWAYS, isMuted, isUnread } from "./chatFacts";
import { LeaveDialog } from "./LeaveDialog";

const HOUR_MS = 60 * 60 * 1_000;

/** What can be done with a chat without opening it. */
export function useChatMenu(id: ChatId): Menu {
  const actions = useActions();
  const [leaving, setLeaving] = useState<"leave" | "delete" | null>(null);
  const menu = useMenu(t("kit.more"), () => {
    const { chats } = actions.store.getState();
    const entry = chats[id];
    return entry ? itemsOf(entry, actions, setLeaving) : [];
  });
  const { chats, users } = actions.store.getState();
  const chat = chats[id]?.chat;
  return {
    ...menu,
    popup: (
      <>
        {menu.popup}
        {leaving && chat && (
          <LeaveDialog id={id} name={chatName(chat, users)} how={leaving} onClose={() => setLeaving(null)} />
        )}
      </>
    ),
  };
}

function isOpen(id: ChatId): boolean {
  const route = routeOf(location.pathname);
  return "chatId" in route && route.chatId === id;
}

function itemsOf(
  { chat }: ChatEntry,
  actions: Messenger,
  leave: (how: "leave" | "delete") => void,
): MenuItem[] {
  const { id, me } = chat;
  const now = Date.now();
  const mute = (mutedUntil: string | null) => actions.updateMine(id, { mutedUntil });
  const muteFor = (hours: number) => mute(new Date(now + hours * HOUR_MS).toISOString());
  const items: (MenuItem | false)[] = [
    isUnread(me)
      ? { label: t("chats.markRead"), icon: "check", run: () => actions.markRead(id, chat.lastSeq) }
      : chat.lastSeq > 0 && {
          label: t("chats.markUnread"),
          icon: "unread",
          run: () => {
            actions.markUnread(id, chat.lastSeq);
            // Whoever goes on looking at it would read it at once.
            if (isOpen(id)) backTo(paths.chats());
          },
        },
    {
      label: t(me.pinned ? "chats.unpin" : "chats.pin"),
      icon: "pin",
      run: () => actions.updateMine(id, { pinned: !me.pinned }),
    },
    {
      label: t(me.archived ? "chats.unarchive" : "chats.archive"),
      icon: "archive",
      run: () => putAway(id, !me.archived, actions),
    },
    ...(isMuted(me, now)
      ? [{ label: t("chats.unmute"), icon: "bell", startsGroup: true, run: () => mute(null) } as const]
      : ([
          { label: t("chats.muteHour"), icon: "bell-off", startsGroup: true, run: () => muteFor(1) },
          { label: t("chats.muteDay"), icon: "bell-off", run: () => muteFor(8) },
          { label: t("chats.muteAlways"), icon: "bell-off", run: () => mute(ALWAYS) },
        ] as const)),
    canLeave(chat) && {
      label: t("chats.leave"),
      icon: "logout",
      isDanger: true,
      startsGroup: true,
      run: () => leave("leave"),
    },
    me.role === "owner" && {
      label: t("chats.delete"),
      icon: "trash",
      isDanger: true,
      startsGroup: !canLeave(chat),
      run: () => leave("delete"),
    },
  ];
  return items.filter((item) => item !== false);
}

function putAway(id: ChatId, archived: boolean, { store, updateMine }: Messenger): void {
  updateMine(id, { archived });
  const undo = () => {
    // One may have left it, or signed out, in the meantime.
    if (store.getState().chats[id]) updateMine(id, { archived: !archived });
  };
  const text = t(archived ? "chats.archived" : "chats.unarchived");
  toast(text, { action: { label: t("chats.undo"), run: undo } });
}
