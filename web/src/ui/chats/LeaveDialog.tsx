import { useState } from "react";
import { t } from "../../i18n";
import type { ChatId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths, routeOf } from "../frame/paths";
import { ConfirmDialog } from "../kit/Dialog";
import { failureOf, wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";
import { useSuccessor } from "./successor";

interface Props {
  id: ChatId;
  name: string;
  how: "leave" | "delete";
  onClose: () => void;
}

/** Asks first: neither can be taken back. */
export function LeaveDialog({ id, name, how, onClose }: Props) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const isLeaving = how === "leave";
  const isOwner = useMessenger((state) => state.chats[id]?.chat.me.role === "owner");
  const successor = useSuccessor(id, isLeaving && isOwner);

  const confirm = async () => {
    setBusy(true);
    try {
      await (isLeaving ? actions.leave(id) : actions.deleteChat(id));
      const route = routeOf(location.pathname);
      if ("chatId" in route && route.chatId === id) replace(paths.chats());
    } catch (error) {
      warn(wordsFor(failureOf(error)));
    }
    onClose();
  };

  const ending = isOwner
    ? t(successor ? "chats.leaveTo" : "chats.leaveToSomebody", { name: successor?.user.displayName ?? "" })
    : t("chats.leaveText");
  return (
    <ConfirmDialog
      title={t(isLeaving ? "chats.leaveTitle" : "chats.deleteTitle", { name })}
      text={isLeaving ? ending : t("chats.deleteText")}
      action={t(isLeaving ? "chats.leave" : "chats.delete")}
      isBusy={isBusy}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
