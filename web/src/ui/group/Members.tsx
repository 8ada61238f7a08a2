import { useEffect, useMemo, useRef, useState } from "react";
import { t } from "../../i18n";
import { fold } from "../../text/highlight";
import { called } from "../../text/names";
import type { Chat, Member } from "../../wire";
import { isAtLeast } from "../chat/rights";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { useArrows } from "../kit/useArrows";
import { usePerson } from "../people/usePerson";
import { AddMembers } from "./AddMembers";
import { MemberRow } from "./MemberRow";
import { useMembers } from "./useMembers";

/** Fewer are seen at a glance. */
const FILTERED_FROM = 10;
/** Rows at once; more as one comes near them, so that a thousand members hold up nobody. */
const STEP = 60;

/** Who is in the group: those who lead it first. */
export function Members({ chat }: { chat: Chat }) {
  const [filter, setFilter] = useState("");
  const [most, setMost] = useState(STEP);
  const { members, hasMore, failure, loadMore, reload } = useMembers(chat, filter !== "");
  const found = useMemo(() => members && fitting(members, filter), [members, filter]);
  const isWaiting = useWaiting(members === null && !failure);
  const list = useRef<HTMLUListElement>(null);
  const onArrow = useArrows(list);
  const person = usePerson(chat, reload);
  const [isAdding, setAdding] = useState(false);
  const me = useMessenger((state) => state.me?.id);
  const canAdd = isAtLeast(chat.me.role, chat.permissions.addMembers);
  return (
    <section className="border-line border-t py-3">
      <div className="flex min-h-11 flex-wrap items-center justify-between ps-4 pe-2">
        <h2 className="font-semibold">{t("chat.members", { count: chat.memberCount })}</h2>
        {canAdd && (
          <Button look="plain" icon="plus" onClick={() => setAdding(true)}>
            {t("group.addMembers")}
          </Button>
        )}
      </div>
      {isWaiting && <SkeletonRows rows={5} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys lead from the box into the list */}
      <div role="presentation" onKeyDown={onArrow}>
        {chat.memberCount >= FILTERED_FROM && (
          <search className="block px-4 pb-2">
            <input
              type="search"
              value={filter}
              dir="auto"
              maxLength={64}
              aria-label={t("group.findMember")}
              placeholder={t("group.findMember")}
              onChange={(event) => {
                setFilter(event.target.value);
                setMost(STEP);
              }}
              className="min-h-11 w-full rounded-xl bg-sunken px-3 placeholder:text-muted forced-colors:border"
            />
          </search>
        )}
        {found && found.length > 0 && !isWaiting && (
          <ul ref={list} aria-label={t("people.members")} className="px-2">
            {found.slice(0, most).map((member) => (
              <MemberRow
                key={member.user.id}
                chat={chat}
                member={member}
                isMe={member.user.id === me}
                onShow={person.show}
                onChanged={reload}
              />
            ))}
          </ul>
        )}
      </div>
      {failure && <ErrorState failure={failure} onRetry={members ? loadMore : reload} />}
      {found?.length === 0 && !hasMore && <EmptyState icon="search" title={t("group.noMember")} />}
      <p aria-live="polite" className="sr-only">
        {filter !== "" && found && !hasMore && t("chat.members", { count: found.length })}
      </p>
      {found && found.length > most ? (
        <More key={most} onSeen={() => setMost(most + STEP)} />
      ) : (
        hasMore && !failure && <More onSeen={() => filter === "" && loadMore()} />
      )}
      {person.dialog}
      {isAdding && members && (
        <AddMembers chat={chat} members={members} onAdded={reload} onClose={() => setAdding(false)} />
      )}
    </section>
  );
}

function fitting(members: readonly Member[], filter: string): readonly Member[] {
  const wanted = fold(filter.trim().replace(/^@/, ""));
  if (wanted === "") return members;
  return members.filter(({ user }) => fold(`${called(user)} ${user.username}`).includes(wanted));
}

/** Asks for more once it comes near. */
function More({ onSeen }: { onSeen: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    if (!end.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && latest.current(),
      { rootMargin: "400px" },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={end}>
      <SkeletonRows rows={2} />
    </div>
  );
}
