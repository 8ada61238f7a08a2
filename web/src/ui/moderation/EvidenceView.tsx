import { useEffect } from "react";
import { locale, t } from "../../i18n";
import { nameOf } from "../../text/names";
import { dayTime } from "../../text/times";
import type { Evidence, Message, UserId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { cx } from "../kit/cx";

interface Props {
  evidence: Evidence;
  reported: UserId | null;
}

/** What the first reporter saw, kept as it was. As plain text: nothing in it leads anywhere. */
export function EvidenceView({ evidence: { message, edits, around, user, chat }, reported }: Props) {
  const actions = useActions();
  const users = useMessenger((state) => state.users);
  useEffect(() => {
    const senders = new Set(around.map(({ senderId }) => senderId));
    // Whoever is not told of goes by no name.
    for (const id of senders) actions.user(id).catch(() => {});
  }, [actions, around]);
  const nameIn = (id: UserId) => (id === user?.id ? user.displayName : nameOf(users, id));
  return (
    <section className="flex flex-col gap-3">
      <h3 className="font-semibold">{t("moderation.seen")}</h3>
      {user && (
        <p className="[overflow-wrap:anywhere]">
          <span className="block font-medium">
            {user.displayName} <bdi className="text-muted">@{user.username}</bdi>
          </span>
          <span dir="auto" className="block whitespace-pre-wrap text-muted">
            {user.about}
          </span>
        </p>
      )}
      {chat && chat.type === "group" && (
        <p className="text-muted text-sm [overflow-wrap:anywhere]">
          {t("moderation.inGroup", { title: chat.title, count: chat.memberCount })}
        </p>
      )}
      {edits.length > 1 && (
        <div>
          <h4 className="text-muted text-sm">{t("moderation.edits")}</h4>
          <ol>
            {edits.map(({ content, writtenAt }) => (
              <li key={writtenAt} dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                {content}
              </li>
            ))}
          </ol>
        </div>
      )}
      <ul aria-label={t("moderation.around")} className="flex flex-col gap-1">
        {shown(message ?? null, around).map((one) => (
          <li
            key={one.id}
            className={cx(
              "rounded-xl px-3 py-2",
              one.id === message?.id ? "bg-danger-soft" : one.senderId === reported && "bg-sunken",
            )}
          >
            <p className="text-muted text-sm">
              <bdi>{nameIn(one.senderId)}</bdi> · {dayTime(one.createdAt, locale())}
            </p>
            <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
              {one.deletedAt ? t("chats.deleted") : one.content}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Oldest first, without what the system says. */
function shown(message: Message | null, around: readonly Message[]): Message[] {
  const all = around.length > 0 ? [...around] : message ? [message] : [];
  return all.filter(({ system }) => !system).sort((a, b) => a.seq - b.seq);
}
