import { useState } from "react";
import { speakInside, type TextId, t } from "../../i18n";
import { isForbidden } from "../../net/shelf";
import { canHavePasskeys } from "../account/canHavePasskeys";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";
import { later } from "../kit/later";
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
const CreateForm = later(async () => (await import("./CreateForm")).CreateForm);
const LostAtEnd = later(async () => {
  const [{ LostAtEnd }] = await Promise.all([import("./LostAtEnd"), speakInside()]);
  return LostAtEnd;
});
const PasskeySignIn = later(async () => (await import("../account/PasskeySignIn")).PasskeySignIn);
const Providers = later(async () => (await import("../account/Providers")).Providers);

/** The only screen without an account: to sign in, or to create one, a tap apart. */
export function SignIn() {
  const [isNew, setNew] = useState(false);
  /** Somebody came back from a provider, who asks for something more. */
  const [isArriving, setArriving] = useState(false);
  const endedBy = useMessenger((state) => state.endedBy);
  const lostAtEnd = useMessenger((state) => state.lostAtEnd);
  const hasPasskeys = useMessenger((state) => state.features.has("passkeys")) && canHavePasskeys();
  const hasProviders = useMessenger((state) => state.features.has("oidc"));
  return (
    <DoorFrame title={t(isNew ? "signin.createTitle" : "signin.signInTitle")}>
      {window.isSecureContext ? (
        isForbidden() && <Hindrance title={t("signin.noStorage")} text={t("signin.noStorageText")} />
      ) : (
        <Hindrance title={t("signin.insecure")} text={t("signin.insecureText")} />
      )}
      {endedBy && ENDED[endedBy] && (
        <p role="status" className="mb-4 rounded-xl bg-sunken p-3 text-sm">
          {t(ENDED[endedBy])}
        </p>
      )}
      {lostAtEnd > 0 && <LostAtEnd count={lostAtEnd} />}
      {!isArriving && (isNew ? <CreateForm /> : <SignInForm />)}
      {(hasPasskeys || hasProviders) && (
        <div className={cx("flex flex-col gap-3 empty:hidden", !isArriving && "mt-3")}>
          {hasProviders && <Providers onAsking={setArriving} />}
          {hasPasskeys && !isNew && !isArriving && <PasskeySignIn />}
        </div>
      )}
      {!isArriving && (
        <p className="mt-4 flex flex-wrap items-center justify-center gap-x-1 text-muted">
          {t(isNew ? "signin.haveAccount" : "signin.newHere")}
          <Button look="plain" className="px-2" onClick={() => setNew(!isNew)}>
            {t(isNew ? "signin.signIn" : "signin.createAccount")}
          </Button>
        </p>
      )}
    </DoorFrame>
  );
}

/** Why the browser will keep no session here: without these words the form would seem to do nothing. */
function Hindrance({ title, text }: { title: string; text: string }) {
  return (
    <div role="alert" className="mb-4 flex gap-2 rounded-xl bg-warning-soft p-3 text-warning">
      <Icon name="alert" size={20} className="mt-0.5" />
      <div>
        <p className="font-semibold">{title}</p>
        <p className="text-sm">{text}</p>
      </div>
    </div>
  );
}
