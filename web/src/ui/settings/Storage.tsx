import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { ConfirmDialog } from "../kit/Dialog";
import { failureOf, wordsFor } from "../kit/failure";
import { toast, warn } from "../kit/toast";

const MB = 1_000_000;

/** What this device keeps, so that chats open at once and without a network. */
export function Storage() {
  const actions = useActions();
  const isCacheOff = useMessenger((state) => state.isCacheOff);
  const [used, setUsed] = useState<number | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const measure = useCallback(async () => setUsed(await actions.storageUsed().catch(() => null)), [actions]);
  useEffect(() => void measure(), [measure]);

  const clear = async () => {
    setBusy(true);
    try {
      await actions.clearCache();
      toast(t("settings.cleared"));
    } catch (error) {
      warn(wordsFor(failureOf(error)));
    }
    await measure();
    setBusy(false);
    setAsking(false);
  };

  const size = new Intl.NumberFormat(locale(), { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  return (
    <div className="flex flex-col items-start gap-4">
      {isCacheOff && <p className="rounded-xl bg-warning-soft p-3 text-warning">{t("settings.cacheOff")}</p>}
      <p>
        <span className="block text-muted">{t("settings.used")}</span>
        <span className="text-2xl font-semibold">{used === null ? "–" : size.format(used / MB)}</span>
      </p>
      <p className="text-muted">{t("settings.storageText")}</p>
      <Button icon="trash" onClick={() => setAsking(true)}>
        {t("settings.clear")}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t("settings.clearTitle")}
          text={t("settings.clearText")}
          action={t("settings.clear")}
          look="primary"
          isBusy={isBusy}
          onConfirm={() => void clear()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
