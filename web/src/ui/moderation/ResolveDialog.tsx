import { type FormEvent, useId, useState } from "react";
import { t } from "../../i18n";
import type { Report, ReportAction } from "../../wire";
import { useGuarded } from "../account/useGuarded";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea } from "../kit/Field";
import { toast } from "../kit/toast";
import { BanLength, endOf } from "./BanLength";

interface Props {
  report: Report;
  action: ReportAction;
  onDone: () => void;
  onClose: () => void;
}

/** Asks for what goes with it, does it, and closes the report. */
export function ResolveDialog({ report, action, onDone, onClose }: Props) {
  const actions = useActions();
  const form = useId();
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [days, setDays] = useState(7);
  const { isBusy, failure, submit, dialog } = useGuarded();
  const asksReason = action === "warn" || action === "ban";

  const resolve = async (event: FormEvent) => {
    event.preventDefault();
    if (asksReason && reason.trim() === "") return;
    await submit(async () => {
      const staff = await actions.staff();
      await staff.resolve(report.id, {
        action,
        note: note.trim() || null,
        ...(asksReason && { reason: reason.trim() }),
        ...(action === "ban" && { until: endOf(days) }),
      });
      toast(t(`moderation.did.${action}`));
      onDone();
    });
  };

  return (
    <>
      <Dialog
        title={t(`moderation.do.${action}`)}
        onClose={onClose}
        footer={
          <>
            <Button onClick={onClose}>{t("kit.cancel")}</Button>
            <Button
              look={action === "dismiss" ? "primary" : "danger"}
              type="submit"
              form={form}
              isBusy={isBusy}
              disabled={asksReason && reason.trim() === ""}
            >
              {t(`moderation.do.${action}`)}
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={(event) => void resolve(event)} className="flex flex-col gap-4">
          <FailureLine failure={failure} />
          <p className="text-muted">{t(`moderation.means.${action}`)}</p>
          {asksReason && (
            <TextArea
              label={t("moderation.reason")}
              hint={t("moderation.reasonHint")}
              error={failure?.fields.reason ?? null}
              value={reason}
              maxLength={500}
              dir="auto"
              onChange={(event) => setReason(event.target.value)}
            />
          )}
          {action === "ban" && <BanLength days={days} onChange={setDays} />}
          <TextArea
            label={t("moderation.note")}
            error={failure?.fields.note ?? null}
            value={note}
            maxLength={1_000}
            dir="auto"
            onChange={(event) => setNote(event.target.value)}
          />
        </form>
      </Dialog>
      {dialog}
    </>
  );
}
