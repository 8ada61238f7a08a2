import { useState } from "react";
import { t } from "../../i18n";
import { useActions, useMessenger } from "../frame/messenger";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { PasswordField, TextField } from "../kit/Field";
import { failureOf, wordsFor } from "../kit/failure";
import { later } from "../kit/later";
import { toast } from "../kit/toast";
import { FormEnd } from "./FormEnd";
import { type FieldErrors, textOf, useForm } from "./useForm";

const CodeField = later(async () => (await import("./CodeField")).CodeField);

export function SignInForm() {
  const actions = useActions();
  const canReset = useMessenger((state) => state.features.has("password-reset"));
  const [needsCode, setNeedsCode] = useState(false);
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => missing(data, needsCode),
    send: async (data) => {
      const wish = { identifier: textOf(data, "email").trim(), password: textOf(data, "password") };
      try {
        const { hasStayed } = await actions.signIn(
          needsCode ? { ...wish, totp: textOf(data, "totp").trim() } : wish,
        );
        if (hasStayed) toast(t("signin.stayed"), { isLasting: true });
      } catch (error) {
        if (failureOf(error).code !== "totp_required") throw error;
        setNeedsCode(true);
      }
    },
    errorsOf: ({ fields }) => ({ totp: fields.totp && t("account.wrongCode") }),
  });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {/* Still there for what is sent, and for password managers. */}
      <div hidden={needsCode} className={needsCode ? undefined : "flex flex-col gap-4"}>
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
        {canReset && (
          <To href={paths.door("forgot")} className="self-end rounded px-1 text-accent text-sm underline">
            {t("account.forgot")}
          </To>
        )}
      </div>
      {needsCode && <CodeField error={errors.totp} />}
      <FormEnd
        action={t("signin.signIn")}
        isBusy={isBusy}
        failure={failure}
        words={(failure) => (failure.code === "unauthenticated" ? t("signin.wrong") : wordsFor(failure))}
      />
    </form>
  );
}

function missing(data: FormData, needsCode: boolean): FieldErrors {
  const fields = needsCode ? ["totp"] : ["email", "password"];
  const empty = fields.filter((field) => textOf(data, field).trim() === "");
  return Object.fromEntries(empty.map((field) => [field, t("signin.missing")]));
}
