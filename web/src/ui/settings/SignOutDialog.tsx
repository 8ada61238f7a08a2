import { useState } from "react";
import { t } from "../../i18n";
import { useActions, useMessenger } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { ConfirmDialog } from "../kit/Dialog";
import { failureOf, wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";

/** Signing out drops what this device keeps, so what still waits to be sent is told first. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const waiting = useMessenger((state) => Object.values(state.outbox).flat().length);
  const changes = useMessenger((state) => Object.values(state.changes).flat().length);
  const [isBusy, setBusy] = useState(false);

  const signOut = async () => {
    setBusy(true);
    try {
      await actions.signOut();
      replace(paths.chats());
    } catch (error) {
      warn(wordsFor(failureOf(error)));
      onClose();
    }
  };

  return (
    <ConfirmDialog
      title={t("settings.signOutTitle")}
      text={textOf(waiting, changes)}
      action={t("settings.signOut")}
      isBusy={isBusy}
      onConfirm={() => void signOut()}
      onClose={onClose}
    />
  );
}

function textOf(waiting: number, changes: number): string {
  const lost = [
    waiting > 0 && t("settings.signOutWaiting", { count: waiting }),
    changes > 0 && t("settings.signOutChanges", { count: changes }),
  ].filter((text) => text !== false);
  return lost.length > 0 ? lost.join(" ") : t("settings.signOutText");
}
