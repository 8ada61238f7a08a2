import { useCallback, useEffect, useState } from "react";
import type { Chat, Role, UserId } from "../../wire";
import { canModerate } from "../chat/rights";
import { useActions } from "../frame/messenger";

/** What somebody is in a group, for those who may change it; null as long as that is not known. */
export function useRole(chat: Chat, id: UserId): { role: Role | null; lookAgain: () => void } {
  const actions = useActions();
  const [role, setRole] = useState<Role | null>(null);
  const [tries, setTries] = useState(0);
  const isAsked = canModerate(chat);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who changed it looks again
  useEffect(() => {
    if (!isAsked) return;
    let isHere = true;
    const find = async () => {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await actions.members(chat.id, cursor);
        if (!isHere) return;
        const member = page.items.find(({ user }) => user.id === id);
        if (member) return setRole(member.role);
        cursor = page.nextCursor;
      }
      setRole(null);
    };
    // Without it only what needs it is missing.
    find().catch(() => undefined);
    return () => {
      isHere = false;
    };
  }, [actions, chat.id, id, isAsked, tries]);
  return { role, lookAgain: useCallback(() => setTries((count) => count + 1), []) };
}
