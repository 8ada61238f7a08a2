import { t } from "../../i18n";
import type { OidcFound } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { CHECKS, fromServer } from "../signin/checks";
import { FormEnd } from "../signin/FormEnd";
import { type FieldErrors, textOf, useForm } from "../signin/useForm";

interface Props {
  ticket: string;
  found: OidcFound;
  /** They have an account here. */
  onElse: () => void;
}

/** Somebody new chooses a name; who they are, their provider has said. */
export function TicketSignUp({ ticket, found, onElse }: Props) {
  const actions = useActions();
  const needsEmail = !found.email;
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => wrong(data, needsEmail),
    send: (data) => {
      const wish = {
        ticket,
        username: textOf(data, "username").trim(),
        displayName: textOf(data, "displayName").trim(),
      };
      const email = textOf(data, "email").trim();
      return actions.signUpByTicket(needsEmail ? { ...wish, email } : wish);
    },
    errorsOf: (failure) => ({ ...fromServer(failure) }),
  });
  return (
    <form noValidate onSubmit={submit} className="mb-3 flex flex-col gap-4">
      <p className="text-muted">{t("account.elsewhereNew")}</p>
      <TextField
        name="displayName"
        label={t("signin.displayName")}
        error={errors.displayName}
        defaultValue={found.displayName ?? ""}
        autoComplete="name"
        dir="auto"
      />
      <TextField
        name="username"
        label={t("signin.username")}
        hint={t("signin.usernameHint")}
        error={errors.username}
        defaultValue={found.username ?? ""}
        autoComplete="nickname"
        autoCapitalize="none"
        spellCheck={false}
      />
      {needsEmail && (
        <TextField
          name="email"
          type="email"
          label={t("signin.email")}
          hint={t("account.elsewhereEmail", { name: found.provider.name })}
          error={errors.email}
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <FormEnd
        action={t("signin.createAccount")}
        isBusy={isBusy}
        failure={failure}
        words={(failure) => (failure.code === "gone" ? t("account.elsewhereExpired") : wordsFor(failure))}
      />
      <Button look="plain" onClick={onElse}>
        {t("account.elsewhereHave")}
      </Button>
    </form>
  );
}

function wrong(data: FormData, needsEmail: boolean): FieldErrors {
  const fields = ["displayName", "username", ...(needsEmail ? ["email"] : [])] as const;
  const found = fields.map((field) => {
    const text = textOf(data, field).trim();
    const check = CHECKS[field as keyof typeof CHECKS];
    return [field, text === "" ? t("signin.missing") : (check(text) ?? undefined)];
  });
  return Object.fromEntries(found);
}
