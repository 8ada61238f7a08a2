import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { OidcLink, OidcProvider } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { toast, warn } from "../kit/toast";
import { takeArrival } from "./arrival";
import { errorWords } from "./errorWords";
import { useStepUp } from "./useStepUp";

/** Accounts elsewhere that sign in to this one, and those that could. */
export function LinkedSignIns() {
  const actions = useActions();
  const offered = useMessenger((state) => state.providers);
  const { guard, dialog } = useStepUp();
  const [links, setLinks] = useState<OidcLink[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const latest = useRef(guard);
  latest.current = guard;

  const load = useCallback(async () => {
    setFailure(null);
    try {
      setLinks(await actions.links());
    } catch (error) {
      setFailure(failureOf(error));
    }
  }, [actions]);

  const arrive = useCallback(async () => {
    const arrival = takeArrival();
    if (arrival?.error) warn(errorWords(arrival.error));
    const { ticket } = arrival ?? {};
    if (!ticket) return;
    try {
      const { provider } = await actions.readTicket(ticket);
      await latest.current(() => actions.linkByTicket(ticket));
      toast(t("account.linked", { name: provider.name }));
    } catch (error) {
      const { code } = failureOf(error);
      if (code === "conflict") warn(t("account.linkTaken"));
      else if (code === "gone") warn(t("account.elsewhereExpired"));
      else if (code !== "step_up_required") warn(wordsFor(failureOf(error)));
    }
  }, [actions]);
  useEffect(() => {
    void arrive().then(load);
  }, [arrive, load]);

  const isWaiting = useWaiting(!links && !failure);
  if (failure) return <ErrorState failure={failure} onRetry={() => void load()} />;
  if (!links || isWaiting) {
    return (
      <>
        <SkeletonRows rows={1} />
        {dialog}
      </>
    );
  }
  const link = async ({ id }: OidcProvider) => {
    setBusy(id);
    try {
      location.assign(await actions.startOidc(id, paths.settings("account")));
    } catch (error) {
      warn(wordsFor(failureOf(error)));
      setBusy(null);
    }
  };
  const unlink = async ({ id }: OidcProvider) => {
    setBusy(id);
    try {
      await guard(() => actions.unlink(id));
      await load();
    } catch (error) {
      const { code } = failureOf(error);
      if (code === "conflict") warn(t("account.linkLast"));
      else if (code !== "step_up_required") warn(wordsFor(failureOf(error)));
    }
    setBusy(null);
  };
  const gone = links
    .map(({ provider }) => provider)
    .filter(({ id }) => !offered.some((one) => one.id === id));
  return (
    <>
      <ul aria-label={t("account.linkedSignIns")}>
        {[...offered, ...gone].map((provider) => {
          const linked = links.find((link) => link.provider.id === provider.id);
          return (
            <li key={provider.id} className="flex min-h-14 items-center gap-2">
              <span className="min-w-0 flex-1">
                <OneLine className="font-medium">{provider.name}</OneLine>
                <span className="block text-muted text-sm">
                  {linked
                    ? t("account.linkedAs", { label: linked.label ?? provider.name })
                    : t("account.notLinked")}
                </span>
              </span>
              <Button
                look={linked ? "danger-plain" : "quiet"}
                isBusy={busy === provider.id}
                onClick={() => void (linked ? unlink(provider) : link(provider))}
              >
                {t(linked ? "account.unlink" : "account.link")}
              </Button>
            </li>
          );
        })}
      </ul>
      {dialog}
    </>
  );
}
