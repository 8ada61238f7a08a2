import { useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { Chat } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { Choice } from "../settings/Choice";

const HOUR_SECS = 3_600;
const DAY_SECS = 24 * HOUR_SECS;
/** Zero: they stay. */
const LIVES_SECS = [0, HOUR_SECS, DAY_SECS, 7 * DAY_SECS, 90 * DAY_SECS];

/** How long the messages live that come from now on. */
export function Disappearing({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const actions = useActions();
  const before = chat.disappearAfterSecs ?? 0;
  const [life, setLife] = useState(before);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      if (life !== before) await actions.updateChat(chat.id, { disappearAfterSecs: life || null });
      onClose();
    } catch (error) {
      setBusy(false);
      setFailure(failureOf(error));
    }
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
            label: value === 0 ? t("group.disappearOff") : lifeText(value),
          }))}
          onChange={setLife}
        />
      </div>
    </Dialog>
  );
}

/** In the largest unit that it is a whole number of. */
export function lifeText(secs: number): string {
  const [value, unit] = secs % DAY_SECS === 0 ? [secs / DAY_SECS, "day"] : [secs / HOUR_SECS, "hour"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(value);
}
