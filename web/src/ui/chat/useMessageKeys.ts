import type { KeyboardEvent } from "react";
import { t } from "../../i18n";
import type { Pending } from "../../sync/model";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { isPressed } from "../frame/shortcuts";
import { warn } from "../kit/toast";
import { canEdit, isOwnText } from "./rights";
import { useChatTools } from "./tools";

/** The keys of a focused message. */
export function useMessageKeys() {
  const tools = useChatTools();
  const { store } = useActions();
  const edit = (message: Message, me: string | undefined) => {
    if (canEdit(message, me, Date.now())) tools.edit(message);
    else warn(t("chat.editTooLate"));
  };
  return (event: KeyboardEvent, message: Message) => {
    const { nativeEvent, target } = event;
    if (message.deletedAt) return;
    if (tools.chosen && (nativeEvent.key === " " || nativeEvent.key === "Enter")) {
      event.preventDefault();
      return tools.select(message);
    }
    const me = store.getState().me?.id;
    if (isPressed("reply", nativeEvent) && tools.canSend) tools.reply(message);
    else if (isPressed("edit", nativeEvent) && isOwnText(message, me)) edit(message, me);
    else if (isPressed("remove", nativeEvent)) tools.show("delete", message);
    else if (isPressed("messageMenu", nativeEvent) && target instanceof Element)
      tools.openMenu(message, target);
    else return;
    event.preventDefault();
  };
}

/** The same on one that has not arrived yet, as far as it can be done. */
export function usePendingKeys() {
  const tools = useChatTools();
  const { discard } = useActions();
  return (event: KeyboardEvent, pending: Pending) => {
    const { nativeEvent, target } = event;
    if (isPressed("edit", nativeEvent)) tools.amend(pending);
    else if (isPressed("remove", nativeEvent)) discard(pending);
    else if (isPressed("messageMenu", nativeEvent) && target instanceof Element)
      tools.openPending(pending, target);
    else return;
    event.preventDefault();
  };
}
