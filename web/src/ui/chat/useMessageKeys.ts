import type { KeyboardEvent } from "react";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { canEdit } from "./rights";
import { useChatTools } from "./tools";

/** R, E, Delete and the menu key on a focused message. */
export function useMessageKeys() {
  const tools = useChatTools();
  const { store } = useActions();
  return (event: KeyboardEvent, message: Message) => {
    if (event.ctrlKey || event.metaKey || event.altKey || message.deletedAt) return;
    const me = store.getState().me?.id;
    const key = event.key.toLowerCase();
    if (key === "r" && tools.canSend) tools.reply(message);
    else if (key === "e" && canEdit(message, me, Date.now())) tools.edit(message);
    else if (key === "delete") tools.show("delete", message);
    else if (key === "enter" && event.target instanceof Element) tools.openMenu(message, event.target);
    else return;
    event.preventDefault();
  };
}
