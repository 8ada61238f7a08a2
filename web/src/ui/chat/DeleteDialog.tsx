import { t } from "../../i18n";
import type { DeleteScope, Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { canDeleteForAll } from "./rights";

/** Asks for whom a message is to be deleted. It is gone at once, and back if that is refused. */
export function DeleteDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const actions = useActions();
  const isForAll = useMessenger((state) => {
    const chat = state.chats[message.chatId]?.chat;
    return chat !== undefined && canDeleteForAll(message, chat, state.me?.id);
  });
  const remove = (scope: DeleteScope) => {
    actions.remove(message, scope);
    onClose();
  };
  return (
    <Dialog title={t("chat.deleteDialog.title")} onClose={onClose}>
      <p className="mb-4 text-muted">
        {t(isForAll ? "chat.deleteDialog.textAll" : "chat.deleteDialog.textMe")}
      </p>
      <div className="flex flex-col gap-2">
        {isForAll && (
          <Button look="danger" onClick={() => remove("all")}>
            {t("chat.deleteDialog.all")}
          </Button>
        )}
        <Button look={isForAll ? "quiet" : "danger"} onClick={() => remove("me")}>
          {t("chat.deleteDialog.me")}
        </Button>
        <Button look="plain" data-autofocus onClick={onClose}>
          {t("kit.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}
