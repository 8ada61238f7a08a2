import { useState } from "react";
import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { CreateForm } from "./CreateForm";
import { LanguageChoice } from "./LanguageChoice";
import { Logo } from "./Logo";
import { SignInForm } from "./SignInForm";

/** The only screen without an account: to sign in, or to create one, a tap apart. */
export function SignIn() {
  const [isNew, setNew] = useState(false);
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto bg-canvas p-4">
      <div className="fade-in m-auto w-full max-w-104">
        <div className="mb-5 flex flex-col items-center gap-1 text-center">
          <Logo />
          <p className="mt-2 text-2xl font-bold">{t("kit.appName")}</p>
          <p className="text-muted">{t("signin.slogan")}</p>
        </div>
        <section className="rounded-3xl bg-surface p-6 shadow-pop forced-colors:border">
          <h1 className="mb-4 text-xl font-semibold">
            {t(isNew ? "signin.createTitle" : "signin.signInTitle")}
          </h1>
          {!window.isSecureContext && <InsecureNotice />}
          {isNew ? <CreateForm /> : <SignInForm />}
          <p className="mt-4 flex flex-wrap items-center justify-center gap-x-1 text-muted">
            {t(isNew ? "signin.haveAccount" : "signin.newHere")}
            <Button look="plain" className="px-2" onClick={() => setNew(!isNew)}>
              {t(isNew ? "signin.signIn" : "signin.createAccount")}
            </Button>
          </p>
        </section>
        <LanguageChoice />
      </div>
    </main>
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
