import { useCallback, useEffect, useRef, useState } from "react";
import type { Failure } from "../../sync/model";
import { called } from "../../text/names";
import type { Chat, Member, Role } from "../../wire";
import { useActions } from "../frame/messenger";
import { failureOf } from "../kit/failure";

const RANKS: Record<Role, number> = { owner: 0, admin: 1, member: 2 };

export interface MembersList {
  members: readonly Member[] | null;
  hasMore: boolean;
  failure: Failure | null;
  loadMore: () => void;
  reload: () => void;
}

/** Page by page, or all of them, and anew whenever something of the group has changed. What is shown stays meanwhile. */
export function useMembers(chat: Chat, wantsAll: boolean): MembersList {
  const actions = useActions();
  const [members, setMembers] = useState<readonly Member[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const turn = useRef(0);

  const load = useCallback(
    async (from: string | null, known: readonly Member[]) => {
      turn.current += 1;
      const mine = turn.current;
      setFailure(null);
      try {
        const page = await actions.members(chat.id, from ?? undefined);
        if (turn.current !== mine) return;
        setMembers(sorted([...known, ...page.items]));
        setCursor(page.nextCursor);
      } catch (error) {
        if (turn.current === mine) setFailure(failureOf(error));
      }
    },
    [actions, chat.id],
  );
  const reload = useCallback(() => void load(null, []), [load]);
  const news = useLastNews(chat);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes who is in it, and as what, asks anew
  useEffect(reload, [reload, chat.memberCount, chat.me.role, news]);

  const hasFailed = failure !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page asks for the next
  useEffect(() => {
    if (wantsAll && cursor !== null && !hasFailed) void load(cursor, members ?? []);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- each page asks for the next
  }, [wantsAll, cursor, members, hasFailed]);

  return {
    members,
    hasMore: cursor !== null,
    failure,
    loadMore: () => cursor !== null && void load(cursor, members ?? []),
    reload,
  };
}

/** The last that was said about the group itself: somebody may have another role by it. */
function useLastNews({ lastMessage }: Chat): string | null {
  const last = useRef<string | null>(null);
  if (lastMessage?.system) last.current = lastMessage.id;
  return last.current;
}

function sorted(members: Member[]): Member[] {
  const byId = new Map(members.map((member) => [member.user.id, member]));
  return [...byId.values()].sort(
    (a, b) => RANKS[a.role] - RANKS[b.role] || called(a.user).localeCompare(called(b.user)),
  );
}
