import { useState } from "react";
import { t } from "../../i18n";
import { canHavePasskeys } from "../account/canHavePasskeys";
import { Resend } from "../chats/VerifyBanner";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { SkeletonRows } from "../kit/Skeleton";
import { ChangeEmail } from "./ChangeEmail";
import { ChangePassword } from "./ChangePassword";
import { DeleteAccount } from "./DeleteAccount";
import { DownloadData } from "./DownloadData";

const TwoStep = later(async () => (await import("../account/TwoStep")).TwoStep);
const LinkedSignIns = later(async () => (await import("../account/LinkedSignIns")).LinkedSignIns, Waiting);
const Passkeys = later(async () => (await import("../account/Passkeys")).Passkeys, Waiting);

/** What the account is signed in to with. */
export function Account() {
  const me = useMessenger((state) => state.me);
  const features = useMessenger((state) => state.features);
  const [isTwoStep, setTwoStep] = useState(false);
  if (!me) return null;
  const hasMail = features.has("email-verification");
  return (
    <div className="flex flex-col gap-8">
      <section>
        <h2 className="mb-2 font-semibold">{t("signin.email")}</h2>
        <p className="flex flex-wrap items-center gap-x-3">
          <bdi className="wrap-anywhere">{me.email}</bdi>
          {hasMail && (
            <span className="flex items-center gap-1 text-muted text-sm">
              <Icon name={me.emailVerified ? "check" : "alert"} size={16} />
              {t(me.emailVerified ? "account.isVerified" : "account.isUnverified")}
            </span>
          )}
        </p>
        {me.emailSuppressed === "bounce" && (
          <p role="alert" className="text-danger text-sm">
            {t("account.bounces")}
          </p>
        )}
        {hasMail && !me.emailVerified && (
          <span className="-ms-4">
            <Resend />
          </span>
        )}
        {hasMail && <ChangeEmail />}
      </section>
      {features.has("totp") && (
        <section>
          <h2 className="mb-2 font-semibold">{t("account.twoStep")}</h2>
          <p className="mb-2 text-muted">{t("account.twoStepText")}</p>
          <Button onClick={() => setTwoStep(true)}>{t("account.twoStepManage")}</Button>
          {isTwoStep && (
            <Popup onFail={() => setTwoStep(false)}>
              <TwoStep onClose={() => setTwoStep(false)} />
            </Popup>
          )}
        </section>
      )}
      {features.has("passkeys") && canHavePasskeys() && (
        <section>
          <h2 className="mb-2 font-semibold">{t("account.passkeys")}</h2>
          <p className="mb-2 text-muted">{t("account.passkeysText")}</p>
          <Passkeys />
        </section>
      )}
      {features.has("oidc") && (
        <section>
          <h2 className="mb-2 font-semibold">{t("account.linkedSignIns")}</h2>
          <p className="mb-2 text-muted">{t("account.linkedText")}</p>
          <LinkedSignIns />
        </section>
      )}
      <section>
        <h2 className="mb-3 font-semibold">{t("account.changePassword")}</h2>
        <ChangePassword username={me.username} />
      </section>
      {features.has("export") && <DownloadData />}
      {features.has("deletion") && <DeleteAccount />}
    </div>
  );
}

function Waiting() {
  return <SkeletonRows rows={1} />;
}
