import { Fragment, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { nameOf } from "../../text/names";
import { RichText } from "../../text/RichText";
import { fullTime } from "../../text/times";
import type { Edit, LedgerEntry, Message, MessageReceipt, UserId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Dialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";

interface Details {
  receipts: MessageReceipt[];
  /** Only its sender is told. */
  ledger: LedgerEntry[];
  edits: Edit[];
}

/** What became of a message: who has it, which way it came, how it read before. */
export function DetailsDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { details, failure, retry } = useDetails(message);
  const isWaiting = useWaiting(!details && !failure);
  return (
    <Dialog title={t("chat.details")} size="sheet" onClose={onClose}>
      <div className="mb-4 rounded-2xl bg-sunken px-3 py-2">
        <RichText source={message.content} />
      </div>
      <ReactionsPart message={message} />
      {failure && <ErrorState failure={failure} onRetry={retry} />}
      {isWaiting && <SkeletonRows rows={3} />}
      {details && !isWaiting && <Sections message={message} details={details} />}
    </Dialog>
  );
}

/** On touch screens nothing else tells who they are from. */
function ReactionsPart({ message }: { message: Message }) {
  const { chatId, id } = message;
  const loaded = useMessenger((state) => state.timelines[chatId]?.messages.find((one) => one.id === id));
  const { reactions } = loaded ?? message;
  if (reactions.length === 0) return null;
  return (
    <Section title={t("chat.detailsDialog.reactions")}>
      {reactions.map(({ emoji, userIds, count }) => (
        <Fragment key={emoji}>
          {userIds.map((user) => (
            <Person key={user} id={user} at={null} mark={emoji} />
          ))}
          {count > userIds.length && (
            <li className="flex min-h-11 items-center justify-between gap-3 text-muted">
              {t("chat.reaction.others", { count: count - userIds.length })}
              <span className="text-xl">{emoji}</span>
            </li>
          )}
        </Fragment>
      ))}
    </Section>
  );
}

function useDetails(message: Message) {
  const actions = useActions();
  const [details, setDetails] = useState<Details | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let isHere = true;
    setFailure(null);
    const isMine = message.senderId === actions.store.getState().me?.id;
    const asked = Promise.all([
      actions.receiptsOf(message),
      isMine ? actions.ledgerOf(message) : [],
      message.editedAt ? actions.historyOf(message) : [],
    ]);
    asked
      .then(([receipts, ledger, edits]) => isHere && setDetails({ receipts, ledger, edits }))
      .catch((error) => isHere && setFailure(failureOf(error)));
    return () => {
      isHere = false;
    };
  }, [actions, message, tries]);
  return { details, failure, retry: () => setTries(tries + 1) };
}

function Sections({ message, details: { receipts, ledger, edits } }: { message: Message; details: Details }) {
  const others = receipts.filter((receipt) => receipt.userId !== message.senderId);
  const read = others.filter((receipt) => receipt.readAt);
  const delivered = others.filter((receipt) => receipt.deliveredAt && !receipt.readAt);
  const waiting = others.filter((receipt) => !receipt.deliveredAt && !receipt.readAt);
  return (
    <>
      <People title={t("chat.detailsDialog.read")} people={read.map((one) => [one.userId, one.readAt])} />
      <People
        title={t("chat.detailsDialog.delivered")}
        people={delivered.map((one) => [one.userId, one.deliveredAt])}
      />
      <People title={t("chat.detailsDialog.waiting")} people={waiting.map((one) => [one.userId, null])} />
      {edits.length > 0 && (
        <Section title={t("chat.detailsDialog.edits")}>
          {edits.map((edit) => (
            <li key={edit.writtenAt} className="border-line border-s-3 py-1 ps-3">
              <Time at={edit.writtenAt} />
              <RichText source={edit.content} />
            </li>
          ))}
        </Section>
      )}
      {ledger.length > 0 && (
        <Section title={t("chat.detailsDialog.way")}>
          {ledger.map((entry) => (
            <Step key={`${entry.stage} ${entry.at} ${"userId" in entry ? entry.userId : ""}`} entry={entry} />
          ))}
        </Section>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="mb-5">
      <h3 className="mb-1 font-semibold text-muted text-sm">{title}</h3>
      <ul className="flex flex-col gap-1">{children}</ul>
    </section>
  );
}

function People({ title, people }: { title: string; people: [UserId, string | null | undefined][] }) {
  if (people.length === 0) return null;
  return (
    <Section title={title}>
      {people.map(([id, at]) => (
        <Person key={id} id={id} at={at ?? null} />
      ))}
    </Section>
  );
}

function Person({ id, at, mark }: { id: UserId; at: string | null; mark?: string }) {
  const name = useMessenger((state) => (id === state.me?.id ? t("chat.you") : nameOf(state.users, id)));
  return (
    <li className="flex min-h-11 items-center gap-3">
      <Avatar id={id} name={name} size={36} />
      <span className="min-w-0 flex-1">
        <OneLine className="font-medium">{name}</OneLine>
        {at && <Time at={at} />}
      </span>
      {mark && <span className="text-xl">{mark}</span>}
    </li>
  );
}

const STAGES = {
  queued: "chat.stage.queued",
  retrying: "chat.stage.retrying",
  committed: "chat.stage.committed",
  delivered: "chat.stage.delivered",
  read: "chat.stage.read",
  failed: "chat.stage.failed",
} as const satisfies Record<LedgerEntry["stage"], string>;

function Step({ entry }: { entry: LedgerEntry }) {
  const name = useMessenger((state) => ("userId" in entry ? nameOf(state.users, entry.userId) : ""));
  const attempt = entry.stage === "retrying" ? entry.attempt : 0;
  return (
    <li className="flex flex-wrap justify-between gap-x-4">
      <span>{t(STAGES[entry.stage], { name, attempt })}</span>
      <Time at={entry.at} />
    </li>
  );
}

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} className="block text-muted text-sm tabular-nums">
      {fullTime(at, locale())}
    </time>
  );
}
