import { useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Chat } from "../../wire";
import { isAtLeast } from "../chat/rights";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { ErrorState } from "../kit/ErrorState";
import { SkeletonRows } from "../kit/Skeleton";
import { AddMembers } from "./AddMembers";
import { MemberRow } from "./MemberRow";
import { useMembers } from "./useMembers";

/** Who is in the group: those who lead it first. */
export function Members({ chat }: { chat: Chat }) {
  const { members, hasMore, failure, loadMore, reload } = useMembers(chat);
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
      {members === null && !failure && <SkeletonRows rows={5} />}
      {members && (
        <ul aria-label={t("people.members")} className="px-2">
          {members.map((member) => (
            <MemberRow
              key={member.user.id}
              chat={chat}
              member={member}
              isMe={member.user.id === me}
              onChanged={reload}
            />
          ))}
        </ul>
      )}
      {failure && <ErrorState failure={failure} onRetry={members ? loadMore : reload} />}
      {hasMore && !failure && <More onSeen={loadMore} />}
      {isAdding && members && (
        <AddMembers chat={chat} members={members} onAdded={reload} onClose={() => setAdding(false)} />
      )}
    </section>
  );
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
