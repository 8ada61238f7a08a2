import { t } from "../../i18n";
import type { DeleteScope, Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { canDeleteForAll } from "./rights";

interface Props {
  messages: readonly Message[];
  onDone: () => void;
  onClose: () => void;
}

/** Asks for whom messages are to be deleted. They are gone at once, and back if that is refused. */
export function DeleteDialog({ messages, onDone, onClose }: Props) {
  const actions = useActions();
  const isForAll = useMessenger((state) => {
    const chat = state.chats[messages[0]?.chatId ?? ""]?.chat;
    return chat !== undefined && messages.every((message) => canDeleteForAll(message, chat, state.me?.id));
  });
  const remove = (scope: DeleteScope) => {
    for (const message of messages) actions.remove(message, scope);
    onDone();
  };
  return (
    <Dialog title={t("chat.deleteDialog.title", { count: messages.length })} onClose={onClose}>
      <p className="mb-4 text-muted">
        {t(isForAll ? "chat.deleteDialog.textAll" : "chat.deleteDialog.textMe", { count: messages.length })}
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
