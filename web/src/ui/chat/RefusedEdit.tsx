import { t } from "../../i18n";
import type { PendingChange } from "../../sync/model";
import { previewText } from "../../text/markdown";
import type { Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { wordsFor } from "../kit/failure";
import { useChatTools } from "./tools";

const SMALL = "min-h-9 px-3 py-1 text-sm";

/** Below a message that shows again as the server has it: what was to replace it is not lost. */
export function RefusedEdit({ message }: { message: Message }) {
  const { chatId } = useChatTools();
  const actions = useActions();
  const change = useMessenger((state) => state.changes[chatId]?.find((it) => isRefused(it, message.id)));
  if (change?.wish.kind !== "edit") return null;
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-1 pt-1 text-danger text-sm">
      <span role="alert">
        {t("chat.editRefused", { text: previewText(change.wish.content) })} {reason(change)}
      </span>
      <Button look="plain" className={SMALL} onClick={() => actions.retryChange(change)}>
        {t("chat.retry")}
      </Button>
      <Button look="danger-plain" className={SMALL} onClick={() => actions.discardChange(change)}>
        {t("chat.discard")}
      </Button>
    </div>
  );
}

function isRefused({ messageId, wish, state }: PendingChange, id: string): boolean {
  return messageId === id && wish.kind === "edit" && state === "failed";
}

/** An own message is forbidden to be edited only by the time that has passed. */
function reason({ failure }: PendingChange): string {
  if (failure?.code === "forbidden") return t("chat.editTooLate");
  if (failure?.code === "validation") return t("chat.failedText");
  return failure ? wordsFor({ code: failure.code }) : "";
}
