import { t } from "../../i18n";
import { chatName } from "../../text/names";
import type { ChatId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { useChatTools } from "./tools";

/** A chat in which nobody has said anything yet, and the first thing to say. */
export function EmptyChat({ chatId }: { chatId: ChatId }) {
  const { canSend } = useChatTools();
  const actions = useActions();
  const name = useMessenger((state) => {
    const chat = state.chats[chatId]?.chat;
    return chat ? chatName(chat, state.users) : "";
  });
  return (
    <div className="flex min-h-0 flex-1 overflow-y-auto">
      <EmptyState icon="smile" title={t("chat.empty.title")} text={t("chat.empty.text", { name })}>
        {canSend && (
          <Button look="primary" onClick={() => actions.send(chatId, { content: "👋", replyTo: null })}>
            {t("chat.empty.hello")}
          </Button>
        )}
      </EmptyState>
    </div>
  );
}
