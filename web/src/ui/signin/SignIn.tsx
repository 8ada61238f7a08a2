import { useState } from "react";
import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { CreateForm } from "./CreateForm";
import { DoorFrame } from "./DoorFrame";
import { SignInForm } from "./SignInForm";

/** The only screen without an account: to sign in, or to create one, a tap apart. */
export function SignIn() {
  const [isNew, setNew] = useState(false);
  return (
    <DoorFrame title={t(isNew ? "signin.createTitle" : "signin.signInTitle")}>
      {!window.isSecureContext && <InsecureNotice />}
      {isNew ? <CreateForm /> : <SignInForm />}
      <p className="mt-4 flex flex-wrap items-center justify-center gap-x-1 text-muted">
        {t(isNew ? "signin.haveAccount" : "signin.newHere")}
        <Button look="plain" className="px-2" onClick={() => setNew(!isNew)}>
          {t(isNew ? "signin.signIn" : "signin.createAccount")}
        </Button>
      </p>
    </DoorFrame>
  );
}

/** Without it the browser keeps no session, and the form would seem to do nothing. */
function InsecureNotice() {
  return (
    <div role="alert" className="mb-4 flex gap-2 rounded-xl bg-warning-soft p-3 text-warning">
      <Icon name="alert" size={20} className="mt-0.5" />
      <div>
        <p className="font-semibold">{t("signin.insecure")}</p>
        <p className="text-sm">{t("signin.insecureText")}</p>
      </div>
    </div>
  );
}
