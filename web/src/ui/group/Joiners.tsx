import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { called } from "../../text/names";
import { shortTime } from "../../text/times";
import type { ChatId, JoinRequest } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { toast, warn } from "../kit/toast";

/** Who waits to be let into a group, as they come and go. */
export function Joiners({ chatId, onClose }: { chatId: ChatId; onClose: () => void }) {
  const actions = useActions();
  const joiners = useMessenger((state) => state.joiners[chatId]);
  const [isLoading, setLoading] = useState(true);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(() => {
    setLoading(true);
    setFailure(null);
    actions
      .loadJoiners(chatId)
      .catch((error) => setFailure(failureOf(error)))
      .finally(() => setLoading(false));
  }, [actions, chatId]);
  useEffect(load, [load]);
  const isWaiting = useWaiting(isLoading && !joiners);

  return (
    <Dialog title={t("group.joiners")} size="sheet" onClose={onClose}>
      {failure && <ErrorState failure={failure} onRetry={load} />}
      {joiners && !isWaiting ? (
        <ul aria-label={t("group.joiners")} className="-mx-2">
          {joiners.map((request) => (
            <Row key={request.user.id} chatId={chatId} request={request} />
          ))}
        </ul>
      ) : isWaiting ? (
        <SkeletonRows rows={3} />
      ) : (
        !failure && <EmptyState icon="person" title={t("group.noJoiners")} text={t("group.noJoinersText")} />
      )}
    </Dialog>
  );
}

function Row({ chatId, request: { user, askedAt } }: { chatId: ChatId; request: JoinRequest }) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const name = called(user);
  const decide = async (isIn: boolean) => {
    setBusy(true);
    try {
      await actions.decideJoin(chatId, user.id, isIn);
      toast(t(isIn ? "group.joinerIn" : "group.joinerOut", { name }));
    } catch (error) {
      const failure = failureOf(error);
      warn(failure.code === "not_found" ? t("group.joinerGone", { name }) : wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <li className="flex gap-3 rounded-xl px-2 py-2">
      <Avatar id={user.id} name={name} size={44} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <OneLine className="flex-1 font-medium">{name}</OneLine>
          <time dateTime={askedAt} className="shrink-0 text-muted text-xs">
            {shortTime(askedAt, Date.now(), locale())}
          </time>
        </div>
        <OneLine className="text-muted text-sm">@{user.username}</OneLine>
        <div className="flex flex-wrap gap-2 pt-1">
          <Button
            look="soft"
            isBusy={isBusy}
            aria-label={t("group.letInOf", { name })}
            onClick={() => void decide(true)}
          >
            {t("group.letIn")}
          </Button>
          <Button
            disabled={isBusy}
            aria-label={t("group.turnAwayOf", { name })}
            onClick={() => void decide(false)}
          >
            {t("group.turnAway")}
          </Button>
        </div>
      </div>
    </li>
  );
}
