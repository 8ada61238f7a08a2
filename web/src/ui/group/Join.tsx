import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { InvitePreview } from "../../wire";
import { BareHeader } from "../frame/BareHeader";
import { useActions, useMessenger } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { useWhenOnline } from "../frame/useWhenOnline";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { Spinner } from "../kit/Spinner";

const OVER = ["gone", "not_found", "validation"];

/** Where an invitation leads: what group it is, and the way in. */
export function Join({ code }: { code: string }) {
  const actions = useActions();
  const [preview, setPreview] = useState<InvitePreview | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const decided = useMessenger((state) => state.joinsDecided);
  const look = useCallback(() => {
    setFailure(null);
    actions.previewInvite(code).then(
      (found) => (found.chatId ? replace(paths.chat(found.chatId)) : setPreview(found)),
      (error) => setFailure(failureOf(error)),
    );
  }, [actions, code]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was decided may be about this one
  useEffect(look, [look, decided]);

  const isOver = failure !== null && OVER.includes(failure.code);
  useWhenOnline(() => failure && !isOver && look());

  return (
    <>
      <BareHeader />
      {isOver ? (
        <Over />
      ) : failure ? (
        <ErrorState failure={failure} onRetry={look} />
      ) : preview ? (
        <Door code={code} preview={preview} />
      ) : (
        <div className="grid flex-1 place-items-center text-accent">
          <Spinner />
        </div>
      )}
    </>
  );
}

function Over() {
  return (
    <EmptyState icon="group" title={t("group.join.over")} text={t("group.join.overText")}>
      <Button look="primary" onClick={() => replace(paths.chats())}>
        {t("frame.toChats")}
      </Button>
    </EmptyState>
  );
}

function Door({ code, preview }: { code: string; preview: InvitePreview }) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const [hasAsked, setAsked] = useState(preview.asked);
  const isWaiting = useRef(preview.asked);
  const [isTurnedAway, setTurnedAway] = useState(false);
  useEffect(() => {
    setTurnedAway(isWaiting.current && !preview.asked);
    isWaiting.current = preview.asked;
    setAsked(preview.asked);
  }, [preview]);
  const [failure, setFailure] = useState<Failure | null>(null);

  const join = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const chatId = await actions.join(code);
      if (chatId) return replace(paths.chat(chatId));
      isWaiting.current = true;
      setAsked(true);
      setTurnedAway(false);
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };

  return (
    <section className="flex flex-1 flex-col items-center justify-center gap-2 overflow-y-auto p-6 text-center">
      <Avatar id={code} name={preview.title} size={96} />
      <h1 className="mt-3 max-w-full font-semibold text-xl [overflow-wrap:anywhere]" dir="auto">
        {preview.title}
      </h1>
      <p className="text-muted">{t("chat.members", { count: preview.memberCount })}</p>
      {preview.about !== "" && (
        <p dir="auto" className="max-w-prose whitespace-pre-wrap [overflow-wrap:anywhere]">
          {preview.about}
        </p>
      )}
      <FailureLine failure={failure} />
      <div role="status">
        {hasAsked && <p className="max-w-prose text-balance">{t("group.join.waiting")}</p>}
        {isTurnedAway && <p className="max-w-prose text-balance">{t("group.join.turnedAway")}</p>}
      </div>
      {hasAsked ? (
        <Button look="soft" onClick={() => replace(paths.chats())}>
          {t("frame.toChats")}
        </Button>
      ) : (
        <Button look="primary" isBusy={isBusy} onClick={() => void join()}>
          {t(preview.requiresApproval ? "group.join.ask" : "group.join.join")}
        </Button>
      )}
    </section>
  );
}
