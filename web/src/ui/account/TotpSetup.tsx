import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { QrCode } from "../kit/QrCode";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";

interface Props {
  secret: string;
  uri: string;
  onEnabled: (codes: readonly string[]) => void;
}

/** Shows the secret to an app, and has the app prove that it makes the right codes. */
export function TotpSetup({ secret, uri, onEnabled }: Props) {
  const actions = useActions();
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ totp: /^\d{6}$/.test(codeOf(data)) ? undefined : t("account.sixDigits") }),
    send: async (data) => onEnabled(await actions.enableTotp(codeOf(data))),
    errorsOf: ({ fields }) => ({ totp: (fields.totp ?? fields.code) && t("account.wrongCode") }),
  });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-muted">{t("account.scan")}</p>
      <QrCode text={uri} label={t("account.qrCode")} />
      <div>
        <p className="text-muted text-sm">{t("account.secretText")}</p>
        <p className="select-all font-mono wrap-anywhere" dir="ltr">
          {secret.replace(/(.{4})(?=.)/g, "$1 ")}
        </p>
      </div>
      <TextField
        name="totp"
        label={t("account.code")}
        hint={t("account.codeHint")}
        error={errors.totp}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
      />
      <FormEnd action={t("account.turnOn")} isBusy={isBusy} failure={failure} words={wordsFor} />
    </form>
  );
}

function codeOf(data: FormData): string {
  return textOf(data, "totp").replace(/\s/g, "");
}
