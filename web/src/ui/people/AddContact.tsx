import { type FormEvent, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextField } from "../kit/Field";
import { failureOf } from "../kit/failure";
import { toast } from "../kit/toast";

const MAX_NICKNAME = 64;

/** By user name: who knows it need not search. */
export function AddContact({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const me = useMessenger((state) => state.me?.username);
  const [username, setUsername] = useState("");
  const [nickname, setNickname] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const add = async (event: FormEvent) => {
    event.preventDefault();
    const name = username.trim().replace(/^@/, "").toLowerCase();
    if (isBusy) return;
    if (name === "") return setError(t("signin.missing"));
    if (name === me) return setError(t("contacts.yourself"));
    setBusy(true);
    setFailure(null);
    try {
      const request = await actions.addContact({ username: name, nickname: nickname.trim() || null });
      toast(t(request ? "contacts.asked" : "contacts.added", { name: nickname.trim() || `@${name}` }));
      onClose();
    } catch (refused) {
      const why = failureOf(refused);
      if (why.code === "not_found") setError(t("contacts.noSuch"));
      else setFailure(why);
      setBusy(false);
    }
  };

  return (
    <Dialog title={t("contacts.add")} onClose={onClose}>
      <form noValidate onSubmit={(event) => void add(event)} className="flex flex-col gap-4">
        <FailureLine failure={failure} />
        <TextField
          label={t("signin.username")}
          error={error}
          value={username}
          maxLength={33}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => {
            setUsername(event.target.value);
            setError(null);
          }}
        />
        <TextField
          label={t("contacts.nickname")}
          hint={t("contacts.nicknameHint")}
          value={nickname}
          maxLength={MAX_NICKNAME}
          autoComplete="off"
          dir="auto"
          onChange={(event) => setNickname(event.target.value)}
        />
        <Button type="submit" look="primary" isBusy={isBusy} className="self-end">
          {t("contacts.add")}
        </Button>
      </form>
    </Dialog>
  );
}
