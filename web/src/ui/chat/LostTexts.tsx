import { t } from "../../i18n";
import { lostText } from "../../sync/lost";
import type { Lost } from "../../sync/model";
import { Button } from "../kit/Button";
import { copyText } from "../kit/copyText";

/** What was written in a chat that is gone, to be taken elsewhere. */
export function LostTexts({ lost }: { lost: Lost }) {
  return (
    <div className="flex flex-col items-center gap-2">
      <p role="alert">{lostWords(lost)}</p>
      <Button icon="copy" onClick={() => void copyText(lostText(lost))}>
        {t("chat.copy")}
      </Button>
    </div>
  );
}

export function lostWords({ messages, draft }: Lost): string {
  return t("chat.lost", { count: messages.length, hasDraft: draft === "" ? "no" : "yes" });
}
