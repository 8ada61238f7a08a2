import { t } from "../../i18n";
import { lostText } from "../../sync/lost";
import type { Lost } from "../../sync/model";
import { chatName } from "../../text/names";
import type { ChatId } from "../../wire";
import { lostWords } from "../chat/LostTexts";
import { copyText } from "../kit/copyText";
import { warn } from "../kit/toast";
import { useWhileVisible } from "./lookedAt";
import { useActions } from "./messenger";

/** Once, also where another language renders all anew. */
const told = new WeakSet<Lost>();

/** Says what could not be sent any more, of chats that are not looked at: those say it themselves. */
export function useLosses(current: ChatId | null): void {
  const { store } = useActions();
  useWhileVisible(
    (state) => state.lost,
    () => {
      const { lost, gone, users } = store.getState();
      for (const [id, texts] of Object.entries(lost)) {
        if (told.has(texts)) continue;
        told.add(texts);
        // Who leaves knows what they leave behind.
        if (id !== current && gone[id] !== "left") tell(texts, chatName(texts.chat, users));
      }
    },
  );
}

function tell(lost: Lost, name: string): void {
  const action = { label: t("chat.copy"), run: () => void copyText(lostText(lost)) };
  warn(`${t("frame.chatLost", { name })} ${lostWords(lost)}`, { action, isLasting: true });
}
