import { useState } from "react";
import { t } from "../../i18n";
import type { ChatId } from "../../wire";
import { useActions } from "../frame/messenger";
import { ConfirmDialog } from "../kit/Dialog";
import { failureOf, wordsFor } from "../kit/failure";
import { toast } from "../kit/toast";

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

  const confirm = async () => {
    setBusy(true);
    try {
      await (isLeaving ? actions.leave(id) : actions.deleteChat(id));
    } catch (error) {
      toast(wordsFor(failureOf(error)));
    }
    onClose();
  };

  return (
    <ConfirmDialog
      title={t(isLeaving ? "chats.leaveTitle" : "chats.deleteTitle", { name })}
      text={t(isLeaving ? "chats.leaveText" : "chats.deleteText")}
      action={t(isLeaving ? "chats.leave" : "chats.delete")}
      isBusy={isBusy}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
