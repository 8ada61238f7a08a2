import { useEffect } from "react";
import { t } from "../../i18n";
import { chatName } from "../../text/names";
import type { Chat } from "../../wire";
import { useChatMenu } from "../chats/useChatMenu";
import { useActions, useMessenger } from "../frame/messenger";
import { back } from "../frame/navigation";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { OneLine } from "../kit/OneLine";
import { presenceOf, statusText } from "./presenceText";

interface Props {
  chat: Chat;
  onSearch: () => void;
}

export function ChatHeader({ chat, onSearch }: Props) {
  const actions = useActions();
  const name = useMessenger((state) => chatName(chat, state.users));
  const status = useMessenger((state) => statusText(chat, state, Date.now()));
  const peer = chat.peer?.id;
  const presence = useMessenger((state) => (peer ? presenceOf(state, peer)?.status : undefined));
  const menu = useChatMenu(chat.id);
  useEffect(() => {
    actions.watchPresence("chat", peer ? [peer] : []);
    return () => actions.watchPresence("chat", []);
  }, [actions, peer]);

  return (
    <header className="z-3 flex h-16 shrink-0 items-center gap-1 border-line border-b bg-surface px-1 wide:ps-3">
      <To
        href={paths.chats()}
        onClick={(event) => {
          event.preventDefault();
          back(paths.chats());
        }}
        aria-label={t("kit.back")}
        className="grid size-11 shrink-0 place-items-center rounded-full text-muted hover:bg-hover wide:hidden"
      >
        <Icon name="back" />
      </To>
      <To
        href={paths.chatInfo(chat.id)}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-xl px-1 py-1 hover:bg-hover"
      >
        <Avatar id={peer ?? chat.id} name={name} size={40} presence={presence} />
        <span className="min-w-0">
          <span className="flex items-center gap-1">
            <h1 className="min-w-0 font-semibold leading-tight">
              <OneLine>{name}</OneLine>
            </h1>
            {chat.disappearAfterSecs != null && (
              <span className="shrink-0 text-muted">
                <Icon name="timer" size={16} />
                <span className="sr-only">{t("group.disappearsHere")}</span>
              </span>
            )}
          </span>
          {/* Keeps its room when there is nothing to say, so that the name doesn't jump. */}
          <span className="block min-h-5 truncate text-muted text-sm">{status}</span>
        </span>
      </To>
      <IconButton icon="search" label={t("chat.search")} onClick={onSearch} />
      <IconButton
        icon="dots"
        label={t("kit.more")}
        aria-haspopup="menu"
        aria-expanded={menu.isOpen}
        onClick={(event) => menu.openAt(event.currentTarget)}
      />
      {menu.popup}
    </header>
  );
}
