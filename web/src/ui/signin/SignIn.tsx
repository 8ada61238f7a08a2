import { lazy, Suspense, useState } from "react";
import { type TextId, t } from "../../i18n";
import { canHavePasskeys } from "../account/canHavePasskeys";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { DoorFrame } from "./DoorFrame";
import { SignInForm } from "./SignInForm";

const ENDED: Partial<Record<string, TextId>> = {
  banned: "signin.ended.banned",
  deleted: "signin.ended.deleted",
  expired: "signin.ended.expired",
  password_changed: "signin.ended.passwordChanged",
  revoked: "signin.ended.revoked",
  theft: "signin.ended.theft",
};
const CreateForm = lazy(async () => ({ default: (await import("./CreateForm")).CreateForm }));
const PasskeySignIn = lazy(async () => ({
  default: (await import("../account/PasskeySignIn")).PasskeySignIn,
}));
const Providers = lazy(async () => ({ default: (await import("../account/Providers")).Providers }));

/** The only screen without an account: to sign in, or to create one, a tap apart. */
export function SignIn() {
  const [isNew, setNew] = useState(false);
  const endedBy = useMessenger((state) => state.endedBy);
  const hasPasskeys = useMessenger((state) => state.features.has("passkeys")) && canHavePasskeys();
  const hasProviders = useMessenger((state) => state.features.has("oidc"));
  return (
    <DoorFrame title={t(isNew ? "signin.createTitle" : "signin.signInTitle")}>
      {!window.isSecureContext && <InsecureNotice />}
      {endedBy && ENDED[endedBy] && (
        <p role="status" className="mb-4 rounded-xl bg-sunken p-3 text-sm">
          {t(ENDED[endedBy])}
        </p>
      )}
      <Suspense>{isNew ? <CreateForm /> : <SignInForm />}</Suspense>
      {(hasPasskeys || hasProviders) && (
        <div className="mt-3 flex flex-col gap-3 empty:hidden">
          <Suspense>
            {hasProviders && <Providers />}
            {hasPasskeys && !isNew && <PasskeySignIn />}
          </Suspense>
        </div>
      )}
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
