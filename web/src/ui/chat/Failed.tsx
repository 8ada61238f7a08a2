import { t } from "../../i18n";
import type { Pending } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { wordsFor } from "../kit/failure";

const SMALL = "min-h-9 px-3 py-1 text-sm";

/** Why a message did not get through, and what can be done: always in sight, never behind a menu. */
export function Failed({ pending }: { pending: Pending }) {
  const actions = useActions();
  const { chatId, clientId, failure } = pending;
  const isDirect = useMessenger((state) => state.chats[chatId]?.chat.type === "direct");
  const total = useMessenger((state) => {
    const failed = (state.outbox[chatId] ?? []).filter((other) => other.state === "failed");
    return failed[failed.length - 1]?.clientId === clientId ? failed.length : 0;
  });
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-1 pt-1 text-danger text-sm">
      <span role="alert">
        {t("chat.failed")} {failure && reason(failure.code, isDirect)}
      </span>
      <Button look="plain" className={SMALL} onClick={() => actions.retry(clientId)}>
        {t(failure?.code === "quote_gone" ? "chat.retryUnquoted" : "chat.retry")}
      </Button>
      <Button look="danger-plain" className={SMALL} onClick={() => actions.discard(pending)}>
        {t("chat.delete")}
      </Button>
      {total > 1 && (
        <Button look="plain" className={SMALL} onClick={() => actions.retryAll(chatId)}>
          {t("chat.retryAll", { count: total })}
        </Button>
      )}
    </div>
  );
}

/** There is no field to look at here: it is the text itself that was refused. */
function reason(code: NonNullable<Pending["failure"]>["code"], isDirect: boolean): string {
  if (code === "forbidden" && isDirect) return t("contacts.notTaken");
  if (code === "quote_gone") return t("chat.failedQuote");
  return code === "validation" ? t("chat.failedText") : wordsFor({ code });
}
