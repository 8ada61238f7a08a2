import { type FormEvent, useState } from "react";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextField } from "../kit/Field";
import { useSubmit } from "../kit/useSubmit";

const MAX_NICKNAME = 64;

export function NicknameDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const actions = useActions();
  const [nickname, setNickname] = useState(person.nickname ?? "");
  const { isBusy, failure, submit } = useSubmit();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await submit(async () => {
      await actions.renameContact(person.id, nickname.trim() || null);
      onClose();
    });
  };
  return (
    <Dialog title={t("contacts.rename")} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
        <FailureLine failure={failure} />
        <TextField
          label={t("contacts.nickname")}
          hint={t("contacts.nicknameHint")}
          error={failure?.fields.nickname}
          placeholder={person.displayName}
          value={nickname}
          maxLength={MAX_NICKNAME}
          autoComplete="off"
          dir="auto"
          onChange={(event) => setNickname(event.target.value)}
        />
        <Button type="submit" look="primary" isBusy={isBusy} className="self-end">
          {t("kit.save")}
        </Button>
      </form>
    </Dialog>
  );
}
