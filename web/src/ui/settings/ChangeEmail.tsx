import { useState } from "react";
import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { PasswordField, TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { toast } from "../kit/toast";
import { CHECKS, fromServer } from "../signin/checks";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";

/** The new address counts once the letter to it was answered. */
export function ChangeEmail() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button className="mt-2" onClick={() => setOpen(true)}>
        {t("account.changeEmail")}
      </Button>
      {isOpen && <ChangeDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function ChangeDialog({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({
      email: CHECKS.email(textOf(data, "email").trim()) ?? undefined,
      password: textOf(data, "password") === "" ? t("signin.missing") : undefined,
    }),
    send: async (data) => {
      const email = textOf(data, "email").trim();
      await actions.changeEmail({ email, password: textOf(data, "password") });
      toast(t("account.letterSent", { email }), { isLasting: true });
      onClose();
    },
    errorsOf: (failure) => ({
      email: fromServer(failure).email,
      password: failure.fields.password && t("account.wrongPassword"),
    }),
  });
  return (
    <Dialog title={t("account.changeEmail")} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t("account.changeEmailText")}</p>
        <TextField
          name="email"
          type="email"
          label={t("account.newEmail")}
          error={errors.email}
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField
          name="password"
          label={t("account.currentPassword")}
          error={errors.password}
          autoComplete="current-password"
        />
        <FormEnd action={t("account.sendLetter")} isBusy={isBusy} failure={failure} words={wordsFor} />
      </form>
    </Dialog>
  );
}
