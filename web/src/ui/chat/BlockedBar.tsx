import { useState } from "react";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import { called } from "../../text/names";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { failureOf, wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";

/** In the place of the composer: whoever blocks somebody has nothing to write to them. */
export function BlockedBar({ person }: { person: Person }) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const unblock = async () => {
    setBusy(true);
    try {
      await actions.unblock(person.id);
    } catch (error) {
      warn(wordsFor(failureOf(error)));
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-2 border-line border-t bg-surface px-4 py-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] text-muted">
      <p className="wrap-anywhere">{t("contacts.youBlocked", { name: called(person) })}</p>
      <Button look="plain" isBusy={isBusy} onClick={() => void unblock()}>
        {t("contacts.unblock")}
      </Button>
    </div>
  );
}
