import { useState } from "react";
import { t } from "../../i18n";
import type { Messenger } from "../../sync/messenger";
import type { PendingChange } from "../../sync/model";
import { wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";
import { useWhileVisible } from "./lookedAt";
import { useActions } from "./messenger";

/** Says which changes the server did not take. Edits stay below their message, with what was written. */
export function useRefusals(): void {
  const actions = useActions();
  const [told] = useState(() => new Set<string>());
  useWhileVisible(
    (state) => state.changes,
    () => {
      for (const change of Object.values(actions.store.getState().changes).flat()) {
        if (change.state === "waiting" || told.has(change.key)) continue;
        told.add(change.key);
        tell(change, actions);
      }
    },
  );
}

function tell(change: PendingChange, actions: Messenger): void {
  const { chatId, wish, failure } = change;
  const { timelines, chats } = actions.store.getState();
  const isThere = chatId in chats;
  const text = [t(`notDone.${wish.kind}`), failure && wordsFor({ code: failure.code })].join(" ");
  if (wish.kind === "edit" && isThere) {
    if (!timelines[chatId]) warn(text);
    return;
  }
  actions.discardChange(change);
  const again = { label: t("kit.tryAgain"), run: () => actions.retryChange(change) };
  warn(text, isThere ? { action: again } : {});
}
