import { useState } from "react";
import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { PasswordField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { toast } from "../kit/toast";
import { CHECKS, fromServer, MIN_PASSWORD } from "../signin/checks";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";

/** All other devices are signed out by it. */
export function ChangePassword({ username }: { username: string }) {
  const actions = useActions();
  const [nth, setNth] = useState(0);
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({
      current: textOf(data, "current") === "" ? t("signin.missing") : undefined,
      password: CHECKS.password(textOf(data, "password")) ?? undefined,
    }),
    send: async (data) => {
      const wish = { current: textOf(data, "current"), password: textOf(data, "password") };
      await actions.changePassword(wish);
      toast(t("account.passwordChanged"));
      setNth(nth + 1);
    },
    errorsOf: (failure) => ({
      current: failure.fields.current && t("account.wrongPassword"),
      password: fromServer(failure).password,
    }),
  });
  return (
    <form key={nth} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-muted text-sm">{t("account.changePasswordText")}</p>
      {/* For password managers, which want to know whose it is. */}
      <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
      <PasswordField
        name="current"
        label={t("account.currentPassword")}
        error={errors.current}
        autoComplete="current-password"
      />
      <PasswordField
        name="password"
        label={t("account.newPassword")}
        hint={t("signin.passwordHint", { min: MIN_PASSWORD })}
        error={errors.password}
        autoComplete="new-password"
      />
      <FormEnd action={t("account.changePassword")} isBusy={isBusy} failure={failure} words={wordsFor} />
    </form>
  );
}
