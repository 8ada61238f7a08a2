import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { clock, dayName } from "../../text/times";
import type { Passkey } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { ConfirmDialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { toast, warn } from "../kit/toast";
import { PasskeyName } from "./PasskeyName";
import { useStepUp } from "./useStepUp";

type Doing = { what: "add" } | { what: "rename" | "remove"; passkey: Passkey };

/** Those of this account: one is added on this device, the others come from elsewhere. */
export function Passkeys() {
  const actions = useActions();
  const { guard, dialog } = useStepUp();
  const [passkeys, setPasskeys] = useState<Passkey[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [isBusy, setBusy] = useState(false);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      setPasskeys(await actions.passkeys());
    } catch (error) {
      setFailure(failureOf(error));
    }
  }, [actions]);
  useEffect(() => void load(), [load]);

  const isWaiting = useWaiting(!passkeys && !failure);
  if (failure) return <ErrorState failure={failure} onRetry={() => void load()} />;
  if (!passkeys || isWaiting) return <SkeletonRows rows={1} />;

  const done = async () => {
    setDoing(null);
    await load();
  };
  const remove = async (passkey: Passkey) => {
    setBusy(true);
    try {
      await guard(() => actions.removePasskey(passkey.id));
      await done();
    } catch (error) {
      const failure = failureOf(error);
      setDoing(null);
      if (failure.code === "conflict") warn(t("account.passkeyLast"));
      else if (failure.code !== "step_up_required") warn(wordsFor(failure));
    }
    setBusy(false);
  };

  return (
    <>
      {passkeys.length === 0 ? (
        <p className="mb-2 text-muted text-sm">{t("account.noPasskeys")}</p>
      ) : (
        <ul aria-label={t("account.passkeys")} className="mb-2">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="flex min-h-14 flex-wrap items-center gap-x-2">
              <span className="min-w-[min(10rem,100%)] flex-1">
                <OneLine className="font-medium">{passkey.name}</OneLine>
                <span className="block text-muted text-sm">{detailOf(passkey)}</span>
              </span>
              <Button look="plain" onClick={() => setDoing({ what: "rename", passkey })}>
                {t("account.renamePasskey")}
              </Button>
              <Button look="danger-plain" onClick={() => setDoing({ what: "remove", passkey })}>
                {t("account.removePasskey")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => setDoing({ what: "add" })}>{t("account.addPasskey")}</Button>
      {doing?.what === "add" && (
        <PasskeyName
          title={t("account.addPasskey")}
          text={t("account.addPasskeyText")}
          action={t("account.addPasskey")}
          send={async (name) => {
            await guard(() => actions.addPasskey(name));
            toast(t("account.passkeyAdded"));
            await done();
          }}
          onClose={() => setDoing(null)}
        />
      )}
      {doing?.what === "rename" && (
        <PasskeyName
          title={t("account.renamePasskey")}
          name={doing.passkey.name}
          action={t("account.save")}
          send={async (name) => {
            await actions.renamePasskey(doing.passkey.id, name);
            await done();
          }}
          onClose={() => setDoing(null)}
        />
      )}
      {doing?.what === "remove" && (
        <ConfirmDialog
          title={t("account.removePasskeyTitle", { name: doing.passkey.name })}
          text={t("account.removePasskeyText")}
          action={t("account.removePasskey")}
          isBusy={isBusy}
          onConfirm={() => void remove(doing.passkey)}
          onClose={() => setDoing(null)}
        />
      )}
      {dialog}
    </>
  );
}

function detailOf({ lastUsedAt, backedUp }: Passkey): string {
  const used = lastUsedAt
    ? t("account.passkeyUsed", {
        when: `${dayName(lastUsedAt, Date.now(), locale())} ${clock(lastUsedAt, locale())}`,
      })
    : t("account.passkeyNever");
  return backedUp ? `${used} · ${t("account.passkeyBackedUp")}` : used;
}
