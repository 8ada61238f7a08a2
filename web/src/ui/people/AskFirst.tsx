import { type FormEvent, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { called } from "../../text/names";
import type { User } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea } from "../kit/Field";
import { failureOf } from "../kit/failure";
import { toast } from "../kit/toast";

const MAX_NOTE = 300;

/** To somebody who hears of contacts only: may I be one? */
export function AskFirst({ user, onClose }: { user: User; onClose: () => void }) {
  const actions = useActions();
  const name = called(user);
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setFailure(null);
    try {
      await actions.addContact({ userId: user.id, note: note.trim() || null });
      toast(t("contacts.asked", { name }));
      onClose();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={name} onClose={onClose}>
      <form onSubmit={(event) => void ask(event)} className="flex flex-col gap-4">
        <p className="text-muted">{t("contacts.asksFirst", { name })}</p>
        <FailureLine failure={failure} />
        <TextArea
          label={t("contacts.note")}
          hint={t("contacts.noteHint")}
          value={note}
          maxLength={MAX_NOTE}
          dir="auto"
          onChange={(event) => setNote(event.target.value)}
        />
        <Button type="submit" look="primary" isBusy={isBusy} className="self-end">
          {t("contacts.sendRequest")}
        </Button>
      </form>
    </Dialog>
  );
}
