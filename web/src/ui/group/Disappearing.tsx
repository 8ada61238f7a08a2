import { useState } from "react";
import { t } from "../../i18n";
import type { Chat } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { useSubmit } from "../kit/useSubmit";
import { Choice } from "../settings/Choice";
import { DAY_SECS, HOUR_SECS, lifeText } from "./life";

/** Zero: they stay. */
const LIVES_SECS = [0, HOUR_SECS, DAY_SECS, 7 * DAY_SECS, 90 * DAY_SECS];

/** How long the messages live that come from now on. */
export function Disappearing({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const actions = useActions();
  const [before] = useState(chat.disappearAfterSecs ?? 0);
  const [life, setLife] = useState(before);
  const { isBusy, failure, submit } = useSubmit();
  const save = async () => {
    await submit(async () => {
      if (life !== before) await actions.updateChat(chat.id, { disappearAfterSecs: life || null });
      onClose();
    });
  };
  const offered = [...new Set([...LIVES_SECS, before])].sort((a, b) => a - b);
  return (
    <Dialog
      title={t("group.disappearing")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void save()}>
            {t("kit.save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FailureLine failure={failure} />
        <p className="text-muted">{t("group.disappearingText")}</p>
        <Choice
          label={t("group.disappearAfter")}
          value={life}
          options={offered.map((value) => ({
            value,
            label: lifeText(value),
          }))}
          onChange={setLife}
        />
      </div>
    </Dialog>
  );
}
