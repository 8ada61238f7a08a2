import { type FormEvent, useState } from "react";
import { t } from "../../i18n";
import { called } from "../../text/names";
import type { User } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea } from "../kit/Field";
import { toast } from "../kit/toast";
import { useSubmit } from "../kit/useSubmit";

const MAX_NOTE = 300;

/** To somebody who hears of contacts only: may I be one? */
export function AskFirst({ user, onClose }: { user: User; onClose: () => void }) {
  const actions = useActions();
  const name = called(user);
  const [note, setNote] = useState("");
  const { isBusy, failure, submit } = useSubmit();
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    await submit(async () => {
      await actions.addContact({ userId: user.id, note: note.trim() || null });
      toast(t("contacts.asked", { name }));
      onClose();
    });
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
