import { useState } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import { prefer, preferences } from "../frame/preferences";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { Switch } from "./Switch";

export function Notifications() {
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
