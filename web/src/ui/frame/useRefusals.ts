import { useEffect } from "react";
import { t } from "../../i18n";
import type { Messenger } from "../../sync/messenger";
import type { PendingChange } from "../../sync/model";
import { wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";
import { useActions } from "./messenger";

/** Says which changes the server did not take. Edits stay below their message, with what was written. */
export function useRefusals(): void {
  const actions = useActions();
  useEffect(() => {
    const told = new Set<string>();
    const look = () => {
      if (document.visibilityState !== "visible") return;
      for (const change of Object.values(actions.store.getState().changes).flat()) {
        if (change.state === "waiting" || told.has(change.key)) continue;
        told.add(change.key);
        tell(change, actions);
      }
    };
    look();
    document.addEventListener("visibilitychange", look);
    const stop = actions.store.subscribe((after, before) => after.changes !== before.changes && look());
    return () => {
      stop();
      document.removeEventListener("visibilitychange", look);
    };
  }, [actions]);
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
