import { type FormEvent, useId, useState } from "react";
import { type TextId, t } from "../../i18n";
import type { Person } from "../../sync/model";
import { called } from "../../text/names";
import type { FileReport, ReportReason } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea } from "../kit/Field";
import { useSubmit } from "../kit/useSubmit";
import { Switch } from "../settings/Switch";
import { REASONS } from "./reasons";

const MAX_NOTE = 1_000;

interface Props {
  title: string;
  subject: Pick<FileReport, "messageId" | "userId" | "chatId">;
  /** Whose doing it is, who may be blocked along with it. */
  person: Person | undefined;
  onClose: () => void;
}

/** Tells staff of what should not be there. Nobody else learns of it. */
export function ReportDialog({ title, subject, person, onClose }: Props) {
  const actions = useActions();
  const form = useId();
  const canBlock = useMessenger((state) => state.features.has("blocks")) && person && !person.isBlocked;
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [note, setNote] = useState("");
  const [blocks, setBlocks] = useState(false);
  const { isBusy, failure, submit } = useSubmit();
  const [isDone, setDone] = useState(false);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!reason) return;
    await submit(async () => {
      await actions.report({ ...subject, reason, note: note.trim() || null });
      if (canBlock && blocks) await actions.block(person.id);
      setDone(true);
    });
  };

  if (isDone) {
    return (
      <Dialog
        title={t("safety.thanks")}
        onClose={onClose}
        footer={
          <Button look="primary" onClick={onClose} data-autofocus>
            {t("kit.close")}
          </Button>
        }
      >
        <p role="status" className="text-muted">
          {t("safety.thanksText")}
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button look="danger" type="submit" form={form} isBusy={isBusy} disabled={!reason}>
            {t("safety.send")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void send(event)} className="flex flex-col gap-4">
        <FailureLine failure={failure} />
        <p className="text-muted">{t("safety.text")}</p>
        <Reasons value={reason} onChange={setReason} />
        <TextArea
          label={t("safety.note")}
          hint={t("safety.noteHint")}
          error={failure?.fields.note ?? null}
          value={note}
          maxLength={MAX_NOTE}
          dir="auto"
          onChange={(event) => setNote(event.target.value)}
        />
        {canBlock && (
          <Switch
            label={t("safety.alsoBlock", { name: called(person) })}
            isOn={blocks}
            onChange={setBlocks}
          />
        )}
      </form>
    </Dialog>
  );
}

interface ReasonsProps {
  value: ReportReason | null;
  onChange: (reason: ReportReason) => void;
}

function Reasons({ value, onChange }: ReasonsProps) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">{t("safety.why")}</legend>
      {(Object.entries(REASONS) as [ReportReason, TextId][]).map(([reason, label]) => (
        <label
          key={reason}
          className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2 hover:bg-hover"
        >
          <input
            type="radio"
            name={name}
            checked={reason === value}
            onChange={() => onChange(reason)}
            className="size-5 shrink-0 accent-(--accent)"
          />
          <span className="min-w-0">{t(label)}</span>
        </label>
      ))}
    </fieldset>
  );
}
