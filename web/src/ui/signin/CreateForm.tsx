import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { PasswordField, TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { check, fromServer, MIN_PASSWORD } from "./checks";
import { FormEnd } from "./FormEnd";
import { textOf, useForm } from "./useForm";

export function CreateForm() {
  const actions = useActions();
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => check(valuesOf(data)),
    send: (data) => actions.signUp(valuesOf(data)),
    errorsOf: fromServer,
  });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        name="displayName"
        label={t("signin.displayName")}
        hint={t("signin.displayNameHint")}
        error={errors.displayName}
        autoComplete="name"
        dir="auto"
      />
      <TextField
        name="username"
        label={t("signin.username")}
        hint={t("signin.usernameHint")}
        error={errors.username}
        autoComplete="nickname"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        name="email"
        type="email"
        label={t("signin.email")}
        error={errors.email}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordField
        name="password"
        label={t("signin.password")}
        hint={t("signin.passwordHint", { min: MIN_PASSWORD })}
        error={errors.password}
        autoComplete="new-password"
      />
      <FormEnd
        action={t("signin.createAccount")}
        isBusy={isBusy}
        failure={failure}
        words={(failure) => (failure.code === "conflict" ? t("signin.taken") : wordsFor(failure))}
      />
    </form>
  );
}

function valuesOf(data: FormData) {
  return {
    displayName: textOf(data, "displayName").trim(),
    username: textOf(data, "username").trim(),
    email: textOf(data, "email").trim(),
    password: textOf(data, "password"),
  };
}
