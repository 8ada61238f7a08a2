import type { KeyboardEvent } from "react";
import type { Pending } from "../../sync/model";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { canEdit } from "./rights";
import { useChatTools } from "./tools";

/** R, E, Delete and Enter on a focused message. */
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

/** The same on one that has not arrived yet, as far as it can be done. */
export function usePendingKeys() {
  const tools = useChatTools();
  const { discard } = useActions();
  return (event: KeyboardEvent, pending: Pending) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "e") tools.amend(pending);
    else if (key === "delete") discard(pending);
    else if (key === "enter" && event.target instanceof Element) tools.openPending(pending, event.target);
    else return;
    event.preventDefault();
  };
}
