import { useState } from "react";
import { t } from "../../i18n";
import { useLinkToken } from "../frame/linkToken";
import { useActions } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { PasswordField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { CHECKS, fromServer, MIN_PASSWORD } from "../signin/checks";
import { DoorFrame } from "../signin/DoorFrame";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";
import { Outcome } from "./Outcome";
import { isSpent } from "./spent";
import { ToStart } from "./ToStart";

/** A new password, for whoever holds the key from the letter. */
export function Reset() {
  const actions = useActions();
  const token = useLinkToken();
  const [isDone, setDone] = useState(false);
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ password: CHECKS.password(textOf(data, "password")) ?? undefined }),
    send: async (data) => {
      await actions.resetPassword({ token: token ?? "", password: textOf(data, "password") });
      setDone(true);
    },
    errorsOf: (failure) => ({ password: fromServer(failure).password }),
  });
  return (
    <DoorFrame title={t("account.resetTitle")}>
      {isDone ? (
        <Outcome icon="check" text={t("account.resetDone")}>
          <ToStart />
        </Outcome>
      ) : token === null || (failure && isSpent(failure)) ? (
        <Outcome icon="clock" isBad text={t("account.linkSpent")}>
          <Button look="primary" onClick={() => replace(paths.door("forgot"))}>
            {t("account.anotherLetter")}
          </Button>
        </Outcome>
      ) : (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          <p className="text-muted">{t("account.resetText")}</p>
          <PasswordField
            name="password"
            label={t("account.newPassword")}
            hint={t("signin.passwordHint", { min: MIN_PASSWORD })}
            error={errors.password}
            autoComplete="new-password"
          />
          <FormEnd action={t("account.setPassword")} isBusy={isBusy} failure={failure} words={wordsFor} />
        </form>
      )}
    </DoorFrame>
  );
}
