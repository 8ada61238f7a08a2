import { useState } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import { useMessenger } from "../frame/messenger";
import { prefer, preferences } from "../frame/preferences";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { ErrorState } from "../kit/ErrorState";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { Choice } from "./Choice";
import { Switch } from "./Switch";
import { useSettings } from "./useSettings";

export function Notifications() {
  const hasMail = useMessenger((state) => MAILS.some((feature) => state.features.has(feature)));
  if (!hasMail) return <Here />;
  return (
    <div className="flex flex-col gap-6">
      <section>
        <h2 className="mb-3 font-semibold">{t("settings.notifyHere")}</h2>
        <Here />
      </section>
      <section>
        <h2 className="mb-3 font-semibold">{t("settings.mail")}</h2>
        <ByMail />
      </section>
    </div>
  );
}

/** What a server offers that sends letters. */
const MAILS = ["email-verification", "password-reset"];

function ByMail() {
  const { settings, failure, retry, change } = useSettings();
  const isWaiting = useWaiting(!settings && !failure);
  if (failure) return <ErrorState failure={failure} onRetry={retry} />;
  if (!settings || isWaiting) return <SkeletonRows rows={2} />;
  const { emailDigest, newLogin } = settings.notifications;
  return (
    <div className="flex flex-col gap-6">
      <Choice
        label={t("settings.digest")}
        hint={t("settings.digestHint")}
        value={emailDigest}
        onChange={(emailDigest) => change({ notifications: { emailDigest } })}
        options={[
          { value: "off", label: t("settings.digestOff") },
          { value: "daily", label: t("settings.digestDaily") },
          { value: "weekly", label: t("settings.digestWeekly") },
        ]}
      />
      <Switch
        label={t("settings.newLogin")}
        hint={t("settings.newLoginHint")}
        isOn={newLogin}
        onChange={(newLogin) => change({ notifications: { newLogin } })}
      />
    </div>
  );
}

function Here() {
  const { notifications } = useShell();
  const [permission, setPermission] = useState(() => notifications.permission());
  const { notifies, previews } = useStore(preferences);

  if (permission === "unsupported") return <p className="text-muted">{t("settings.notifyNone")}</p>;
  if (permission === "denied") {
    return <p className="rounded-xl bg-warning-soft p-3 text-warning">{t("settings.notifyBlocked")}</p>;
  }
  if (permission === "default") {
    return (
      <div className="flex flex-col items-start gap-3">
        <p className="text-muted">{t("settings.notifyAsk")}</p>
        <Button look="primary" icon="bell" onClick={async () => setPermission(await notifications.ask())}>
          {t("settings.notifyAllow")}
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label={t("settings.notify")}
        hint={t("settings.notifyHint")}
        isOn={notifies}
        onChange={(notifies) => prefer({ notifies })}
      />
      <Switch
        label={t("settings.preview")}
        hint={t("settings.previewHint")}
        isOn={previews}
        isDisabled={!notifies}
        onChange={(previews) => prefer({ previews })}
      />
    </div>
  );
}
