import { useState } from "react";
import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { CHECKS } from "../signin/checks";
import { DoorFrame } from "../signin/DoorFrame";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";
import { Outcome } from "./Outcome";
import { ToStart } from "./ToStart";

/** Asks for a letter with a way to a new password. Whether anybody has that address is not told. */
export function Forgot() {
  const actions = useActions();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ email: CHECKS.email(textOf(data, "email").trim()) ?? undefined }),
    send: async (data) => {
      const email = textOf(data, "email").trim();
      await actions.forgotPassword(email);
      setSentTo(email);
    },
    errorsOf: ({ fields }) => ({ email: fields.email && t("signin.emailWrong") }),
  });
  if (sentTo !== null) {
    return (
      <DoorFrame title={t("account.forgotTitle")}>
        <Outcome icon="at" text={t("account.forgotSent", { email: sentTo })}>
          <ToStart />
        </Outcome>
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title={t("account.forgotTitle")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t("account.forgotText")}</p>
        <TextField
          name="email"
          type="email"
          label={t("signin.email")}
          error={errors.email}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <FormEnd action={t("account.sendLetter")} isBusy={isBusy} failure={failure} words={wordsFor} />
        <ToStart look="plain" />
      </form>
    </DoorFrame>
  );
}
