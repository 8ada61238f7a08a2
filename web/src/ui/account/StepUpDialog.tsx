import { useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { PasswordField } from "../kit/Field";
import { failureOf, wordsFor } from "../kit/failure";
import { CodeField } from "../signin/CodeField";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";
import { canHavePasskeys } from "./canHavePasskeys";

interface Props {
  onProven: () => void;
  onClose: () => void;
}

/** Whoever finds an open device is not its owner. */
export function StepUpDialog({ onProven, onClose }: Props) {
  const actions = useActions();
  const hasPasskeys = useMessenger((state) => state.features.has("passkeys")) && canHavePasskeys();
  const username = useMessenger((state) => state.me?.username ?? "");
  const hasCodes = useMessenger((state) => state.features.has("totp"));
  const [isCode, setCode] = useState(false);
  const field = isCode ? "totp" : "password";
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ [field]: textOf(data, field).trim() === "" ? t("signin.missing") : undefined }),
    send: async (data) => {
      const text = textOf(data, field);
      await actions.stepUp(isCode ? { totp: text.trim() } : { password: text });
      onProven();
    },
    errorsOf: ({ fields }) => ({
      password: fields.password && t("account.wrongPassword"),
      totp: fields.totp && t("account.wrongCode"),
    }),
  });
  return (
    <Dialog title={t("account.stepUp")} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t(isCode ? "account.stepUpCodeText" : "account.stepUpText")}</p>
        <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
        {isCode ? (
          <CodeField error={errors.totp} />
        ) : (
          <PasswordField
            name="password"
            label={t("signin.password")}
            error={errors.password}
            autoComplete="current-password"
          />
        )}
        <FormEnd action={t("account.stepUpAction")} isBusy={isBusy} failure={failure} words={wordsFor} />
        {hasCodes && (
          <Button look="plain" onClick={() => setCode(!isCode)}>
            {t(isCode ? "account.stepUpByPassword" : "account.stepUpByCode")}
          </Button>
        )}
      </form>
      {hasPasskeys && <ByPasskey onProven={onProven} />}
    </Dialog>
  );
}

function ByPasskey({ onProven }: Pick<Props, "onProven">) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const prove = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await actions.stepUpByPasskey();
      onProven();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return (
    <div className="mt-3">
      <FailureLine
        failure={failure}
        words={(failure) => (failure.code === "conflict" ? t("account.noPasskeyHere") : wordsFor(failure))}
      />
      <Button look="plain" className="w-full" isBusy={isBusy} onClick={() => void prove()}>
        {t("account.stepUpPasskey")}
      </Button>
    </div>
  );
}
