import { t } from "../../i18n";
import { Dialog } from "../kit/Dialog";
import { TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { MAX_NAME } from "../signin/checks";
import { FormEnd } from "../signin/FormEnd";
import { textOf, useForm } from "../signin/useForm";

interface Props {
  title: string;
  text?: string;
  name?: string;
  action: string;
  send: (name: string) => Promise<void>;
  onClose: () => void;
}

/** What a passkey is called: a new one, or one that is there. */
export function PasskeyName({ title, text, name, action, send, onClose }: Props) {
  const { isBusy, failure, errors, submit } = useForm({
    check: (data) => ({ name: wrong(textOf(data, "name").trim()) }),
    send: (data) => send(textOf(data, "name").trim()),
    errorsOf: ({ fields }) => ({ name: fields.name }),
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        {text && <p className="text-muted">{text}</p>}
        <TextField
          name="name"
          label={t("account.passkeyName")}
          hint={t("account.passkeyNameHint")}
          error={errors.name}
          defaultValue={name}
          autoComplete="off"
          dir="auto"
        />
        <FormEnd
          action={action}
          isBusy={isBusy}
          failure={failure}
          words={(failure) => (failure.code === "conflict" ? t("account.passkeyHere") : wordsFor(failure))}
        />
      </form>
    </Dialog>
  );
}

function wrong(name: string): string | undefined {
  if (name === "") return t("signin.missing");
  return [...name].length > MAX_NAME ? t("signin.tooLong", { max: MAX_NAME }) : undefined;
}
