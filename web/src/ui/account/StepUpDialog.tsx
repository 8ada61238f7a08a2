import { t } from "../../i18n";
import { useActions, useMessenger } from "../frame/messenger";
import { Dialog } from "../kit/Dialog";
import { PasswordField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";

interface Props {
  onProven: () => void;
  onClose: () => void;
}

/** Whoever finds an open device is not its owner. */
export function StepUpDialog({ onProven, onClose }: Props) {
  const actions = useActions();
  const username = useMessenger((state) => state.me?.username ?? "");
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ password: textOf(data, "password") === "" ? t("signin.missing") : undefined }),
    send: async (data) => {
      await actions.stepUp({ password: textOf(data, "password") });
      onProven();
    },
    errorsOf: ({ fields }) => ({ password: fields.password && t("account.wrongPassword") }),
  });
  return (
    <Dialog title={t("account.stepUp")} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t("account.stepUpText")}</p>
        <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
        <PasswordField
          name="password"
          label={t("signin.password")}
          error={errors.password}
          autoComplete="current-password"
        />
        <FormEnd action={t("account.stepUpAction")} isBusy={isBusy} failure={failure} words={wordsFor} />
      </form>
    </Dialog>
  );
}
