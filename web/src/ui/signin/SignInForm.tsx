import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { PasswordField, TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import type { Errors } from "./checks";
import { FormEnd } from "./FormEnd";
import { textOf, useForm } from "./useForm";

export function SignInForm() {
  const actions = useActions();
  const { isBusy, failure, errors, submit } = useForm({
    check: missing,
    send: (data) =>
      actions.signIn({ identifier: textOf(data, "email").trim(), password: textOf(data, "password") }),
    errorsOf: () => ({}),
  });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        name="email"
        label={t("signin.email")}
        hint={t("signin.identifierHint")}
        error={errors.email}
        autoComplete="username"
        autoCapitalize="none"
        inputMode="email"
        spellCheck={false}
        dir="auto"
      />
      <PasswordField
        name="password"
        label={t("signin.password")}
        error={errors.password}
        autoComplete="current-password"
      />
      <FormEnd
        action={t("signin.signIn")}
        isBusy={isBusy}
        failure={failure}
        words={(failure) => (failure.code === "unauthenticated" ? t("signin.wrong") : wordsFor(failure))}
      />
    </form>
  );
}

function missing(data: FormData): Errors {
  const errors: Errors = {};
  for (const field of ["email", "password"] as const) {
    if (textOf(data, field).trim() === "") errors[field] = t("signin.missing");
  }
  return errors;
}
