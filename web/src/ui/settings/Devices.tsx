import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { clock, dayName } from "../../text/times";
import type { Session } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { ConfirmDialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { useWaiting } from "../kit/late";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { warn } from "../kit/toast";
import { deviceName } from "./deviceName";

type Ending = { how: "others" | "everywhere" } | { how: "one"; session: Session };

/** Where this account is signed in. */
export function Devices() {
  const actions = useActions();
  const [sessions, setSessions] = useState<Session[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [ending, setEnding] = useState<Ending | null>(null);
  const [isBusy, setBusy] = useState(false);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      const all = await actions.sessions();
      setSessions(all.toSorted((a, b) => Number(b.current) - Number(a.current)));
    } catch (error) {
      setFailure(failureOf(error));
    }
  }, [actions]);
  useEffect(() => void load(), [load]);

  const isWaiting = useWaiting(!sessions && !failure);
  if (failure) return <ErrorState failure={failure} onRetry={() => void load()} />;
  if (!sessions || isWaiting) return <SkeletonRows rows={3} />;

  const others = sessions.filter((session) => !session.current);
  const end = async (wish: Ending) => {
    setBusy(true);
    try {
      if (wish.how === "everywhere") return await actions.signOutEverywhere();
      const ended = wish.how === "one" ? [wish.session] : others;
      for (const session of ended) await actions.endSession(session.id);
      await load();
    } catch (error) {
      warn(wordsFor(failureOf(error)));
    }
    setBusy(false);
    setEnding(null);
  };

  return (
    <>
      <ul className="-mx-2 mb-4">
        {sessions.map((session) => (
          <li key={session.id} className="flex min-h-16 items-center gap-3 rounded-xl px-2 py-1">
            <Icon name="device" className="text-accent" />
            <span className="flex min-w-0 flex-1 flex-wrap items-center justify-between">
              <span className="min-w-[min(10rem,100%)] flex-1">
                <OneLine className="font-medium">{deviceName(session.device)}</OneLine>
                <span className="block text-sm text-muted">
                  {session.current ? t("settings.thisDevice") : lastUsed(session)}
                </span>
              </span>
              {!session.current && (
                <Button
                  look="danger-plain"
                  className="max-wide:-ms-4"
                  onClick={() => setEnding({ how: "one", session })}
                >
                  {t("settings.endSession")}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2 max-wide:flex-col">
        {others.length > 0 && (
          <Button onClick={() => setEnding({ how: "others" })}>{t("settings.endOthers")}</Button>
        )}
        <Button look="danger-plain" onClick={() => setEnding({ how: "everywhere" })}>
          {t("settings.endAll")}
        </Button>
      </div>
      {ending && (
        <ConfirmDialog
          title={t(
            TITLES[ending.how],
            ending.how === "one" ? { name: deviceName(ending.session.device) } : {},
          )}
          text={t(ending.how === "everywhere" ? "settings.endAllText" : "settings.endText")}
          action={t("settings.endSession")}
          isBusy={isBusy}
          onConfirm={() => void end(ending)}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  );
}

const TITLES = {
  one: "settings.endTitle",
  others: "settings.endOthersTitle",
  everywhere: "settings.endAllTitle",
} as const;

function lastUsed({ lastUsedAt }: Session): string {
  const day = dayName(lastUsedAt, Date.now(), locale());
  return t("settings.lastUsed", { when: `${day} ${clock(lastUsedAt, locale())}` });
}
