import { t } from "../../i18n";
import { useActions } from "../frame/messenger";
import { wordsFor } from "../kit/failure";
import { toast } from "../kit/toast";
import { CodeField } from "../signin/CodeField";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";

/** A provider stands for the password; the code is asked for all the same. */
export function TicketCode({ ticket }: { ticket: string }) {
  const actions = useActions();
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ totp: textOf(data, "totp").trim() === "" ? t("signin.missing") : undefined }),
    send: async (data) => {
      const { hasStayed } = await actions.signInByTicket({ ticket, totp: textOf(data, "totp").trim() });
      if (hasStayed) toast(t("signin.stayed"), { isLasting: true });
    },
    errorsOf: ({ fields }) => ({ totp: fields.totp && t("account.wrongCode") }),
  });
  return (
    <form noValidate onSubmit={submit} className="mb-3 flex flex-col gap-4">
      <CodeField error={errors.totp} />
      <FormEnd action={t("account.stepUpAction")} isBusy={isBusy} failure={failure} words={wordsFor} />
    </form>
  );
}
