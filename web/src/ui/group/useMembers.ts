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

/** Page by page, and anew whenever the group has changed in size. What is shown stays meanwhile. */
export function useMembers(chat: Chat): MembersList {
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of size or of my role asks anew
  useEffect(reload, [reload, chat.memberCount, chat.me.role]);

  return {
    members,
    hasMore: cursor !== null,
    failure,
    loadMore: () => cursor !== null && void load(cursor, members ?? []),
    reload,
  };
}

function sorted(members: Member[]): Member[] {
  const byId = new Map(members.map((member) => [member.user.id, member]));
  return [...byId.values()].sort(
    (a, b) => RANKS[a.role] - RANKS[b.role] || called(a.user).localeCompare(called(b.user)),
  );
}
