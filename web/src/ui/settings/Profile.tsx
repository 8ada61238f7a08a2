import { type FormEvent, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { FailureLine } from "../kit/FailureLine";
import { TextArea, TextField } from "../kit/Field";
import { failureOf } from "../kit/failure";
import { OneLine } from "../kit/OneLine";
import { toast } from "../kit/toast";
import { CHECKS, fromServer } from "../signin/checks";

const MAX_NAME = 64;
const MAX_ABOUT = 500;

/** What others see of me. */
export function Profile() {
  const actions = useActions();
  const me = useMessenger((state) => state.me);
  const [name, setName] = useState(me?.displayName ?? "");
  const [username, setUsername] = useState(me?.username ?? "");
  const [about, setAbout] = useState(me?.about ?? "");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (!me) return null;

  const handle = username.trim().toLowerCase();
  const isRenamed = handle !== me.username;
  const isChanged = isRenamed || name.trim() !== me.displayName || about.trim() !== me.about;
  const usernameError = (isRenamed && CHECKS.username(handle)) || (failure && fromServer(failure).username);
  const error = name.trim() === "" ? t("signin.missing") : failure?.fields.displayName;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || !isChanged || (isRenamed && CHECKS.username(handle))) return;
    setBusy(true);
    setFailure(null);
    try {
      await actions.updateMe({
        displayName: name.trim(),
        about: about.trim(),
        ...(isRenamed && { username: handle }),
      });
      toast(t("kit.saved"));
    } catch (refusal) {
      setFailure(failureOf(refusal));
    }
    setBusy(false);
  };

  return (
    <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
      <div className="flex items-center gap-4">
        <Avatar id={me.id} name={name || me.displayName} size={72} />
        <div className="min-w-0">
          <OneLine className="text-lg font-semibold">{me.displayName}</OneLine>
          <OneLine className="text-muted">@{me.username}</OneLine>
          <OneLine className="text-muted">{me.email}</OneLine>
        </div>
      </div>
      <FailureLine failure={usernameError ? null : failure} />
      <TextField
        label={t("signin.displayName")}
        value={name}
        error={error}
        maxLength={MAX_NAME}
        autoComplete="name"
        dir="auto"
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("signin.username")}
        hint={t(isRenamed ? "settings.renamedHint" : "signin.usernameHint")}
        value={username}
        error={usernameError || null}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
        onChange={(event) => {
          setUsername(event.target.value);
          setFailure(null);
        }}
      />
      <TextArea
        label={t("settings.aboutMe")}
        hint={t("settings.aboutMeHint")}
        error={failure?.fields.about}
        value={about}
        maxLength={MAX_ABOUT}
        dir="auto"
        onChange={(event) => setAbout(event.target.value)}
      />
      <Button type="submit" look="primary" isBusy={isBusy} disabled={!isChanged} className="self-start">
        {t("kit.save")}
      </Button>
    </form>
  );
}
