import { type ReactNode, useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { called } from "../../text/names";
import { shortTime } from "../../text/times";
import type { ContactRequest } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { toast, warn } from "../kit/toast";
import { PeopleHeader } from "./PeopleHeader";

/** Who asks to be a contact, and whom the user has asked. */
export function RequestsScreen({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const requests = useMessenger((state) => state.requests);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(() => {
    setFailure(null);
    actions.loadRequests().catch((error) => setFailure(failureOf(error)));
  }, [actions]);
  useEffect(load, [load]);
  const isWaiting = useWaiting(requests === null && !failure);
  const of = (direction: ContactRequest["direction"]) =>
    (requests ?? []).filter((request) => request.direction === direction);

  return (
    <>
      <PeopleHeader title={t("contacts.requests")} onClose={onClose} />
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pb-4">
        {requests === null || isWaiting ? (
          failure ? (
            <ErrorState failure={failure} onRetry={load} />
          ) : (
            <SkeletonRows rows={3} />
          )
        ) : requests.length === 0 ? (
          <EmptyState icon="person" title={t("contacts.noRequests")} text={t("contacts.noRequestsText")} />
        ) : (
          <>
            <Section title={t("contacts.incoming")} requests={of("incoming")} />
            <Section title={t("contacts.outgoing")} requests={of("outgoing")} />
          </>
        )}
      </div>
    </>
  );
}

function Section({ title, requests }: { title: string; requests: readonly ContactRequest[] }) {
  if (requests.length === 0) return null;
  return (
    <section className="pt-2">
      <h2 className="px-2 pb-1 font-semibold text-muted text-sm">{title}</h2>
      <ul aria-label={title}>
        {requests.map((request) => (
          <RequestRow key={request.id} request={request}>
            {request.direction === "incoming" ? (
              <Answers request={request} />
            ) : (
              <p className="text-muted text-sm">{t("contacts.waiting")}</p>
            )}
          </RequestRow>
        ))}
      </ul>
    </section>
  );
}

function RequestRow({ request, children }: { request: ContactRequest; children: ReactNode }) {
  const { user, note, createdAt } = request;
  return (
    <li className="flex gap-3 rounded-xl px-2 py-2">
      <Avatar id={user.id} name={called(user)} size={44} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <OneLine className="flex-1 font-medium">{called(user)}</OneLine>
          <time dateTime={createdAt} className="shrink-0 text-muted text-xs">
            {shortTime(createdAt, Date.now(), locale())}
          </time>
        </div>
        <OneLine className="text-muted text-sm">@{user.username}</OneLine>
        {note !== "" && (
          <p dir="auto" className="whitespace-pre-wrap py-1 [overflow-wrap:anywhere]">
            {note}
          </p>
        )}
        {children}
      </div>
    </li>
  );
}

function Answers({ request: { id, user } }: { request: ContactRequest }) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const name = called(user);
  const answer = async (work: Promise<void>, words: string | null) => {
    setBusy(true);
    try {
      await work;
      if (words) toast(words);
    } catch (error) {
      warn(wordsFor(failureOf(error)));
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-wrap gap-2 pt-1">
      <Button
        look="soft"
        isBusy={isBusy}
        aria-label={t("contacts.acceptOf", { name })}
        onClick={() => void answer(actions.acceptRequest(id), t("contacts.accepted", { name }))}
      >
        {t("contacts.accept")}
      </Button>
      <Button
        disabled={isBusy}
        aria-label={t("contacts.declineOf", { name })}
        onClick={() => void answer(actions.declineRequest(id), null)}
      >
        {t("contacts.decline")}
      </Button>
    </div>
  );
}
