import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import { contentOf } from "../../net/exports";
import type { Failure } from "../../sync/model";
import type { Export } from "../../wire";
import { type StepUp, useStepUp } from "../account/useStepUp";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { Icon } from "../kit/Icon";

const LOOK_AGAIN_MS = 3_000;

/** A copy of all that the account holds. */
export function DownloadData() {
  const { guard, dialog } = useStepUp();
  const { latest, failure, isBusy, ask } = useExport(guard);
  const isRunning = latest?.state === "running";
  return (
    <section>
      <h2 className="mb-2 font-semibold">{t("rights.download")}</h2>
      <p className="mb-2 text-muted">{t("rights.downloadText")}</p>
      <FailureLine failure={failure} />
      <div role="status">
        {isRunning && (
          <div className="mb-2 flex items-center gap-3">
            <progress
              value={latest.progress}
              max={100}
              aria-label={t("rights.writing")}
              className="min-w-0 flex-1 accent-(--accent)"
            />
            <span className="text-muted text-sm">{t("rights.writing")}</span>
          </div>
        )}
        {latest?.state === "failed" && <p className="mb-2 text-danger">{t("rights.failed")}</p>}
        {latest?.state === "expired" && <p className="mb-2 text-muted">{t("rights.expired")}</p>}
        {latest?.state === "ready" && (
          <a
            href={contentOf(latest)}
            download
            className="mb-2 inline-flex min-h-11 items-center gap-2 rounded-xl bg-accent px-4 font-medium text-on-accent"
          >
            <Icon name="down" size={20} />
            {t("rights.fetch", { size: sizeText(latest.size ?? 0) })}
          </a>
        )}
      </div>
      {latest?.state === "ready" && latest.until && (
        <p className="mb-2 text-muted text-sm">
          {t("rights.readyUntil", {
            date: new Date(latest.until).toLocaleDateString(locale(), { dateStyle: "long" }),
          })}
        </p>
      )}
      {!isRunning && (
        <Button isBusy={isBusy} onClick={() => void ask()}>
          {t(latest?.state === "ready" ? "rights.askAgain" : "rights.ask")}
        </Button>
      )}
      {dialog}
    </section>
  );
}

function useExport(guard: StepUp["guard"]) {
  const actions = useActions();
  const [latest, setLatest] = useState<Export | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const look = useCallback(
    () => actions.latestExport().then(setLatest, (error) => setFailure(failureOf(error))),
    [actions],
  );
  useEffect(() => void look(), [look]);
  useEffect(() => {
    if (latest?.state !== "running") return;
    const timer = setTimeout(look, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [latest, look]);
  const ask = async () => {
    setBusy(true);
    setFailure(null);
    try {
      setLatest(await guard(actions.askExport));
    } catch (error) {
      const refused = failureOf(error);
      if (refused.code !== "step_up_required") setFailure(refused);
    }
    setBusy(false);
  };
  return { latest, failure, isBusy, ask };
}

function sizeText(bytes: number): string {
  const [value, unit] =
    bytes < 1_000_000 ? [Math.ceil(bytes / 1_000), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  const look = { style: "unit", unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale(), look).format(value);
}
