import { useEffect, useState } from "react";
import type { Messenger } from "../../sync/messenger";
import type { ChatId, Member, UserId } from "../../wire";
import { useActions } from "../frame/messenger";

/** Who owns the group once its owner has left; null until that is known. */
export function useSuccessor(chatId: ChatId, isAsked: boolean): Member | null {
  const actions = useActions();
  const [successor, setSuccessor] = useState<Member | null>(null);
  useEffect(() => {
    if (!isAsked) return;
    let isHere = true;
    everybody(actions, chatId).then(
      (members) => isHere && setSuccessor(successorOf(members, actions.store.getState().me?.id)),
      // Without a name the rule is told: leaving does not wait for it.
      () => {},
    );
    return () => {
      isHere = false;
    };
  }, [actions, chatId, isAsked]);
  return successor;
}

/** The admin who has been there longest, or else the member: as the server will have it. */
export function successorOf(members: readonly Member[], owner: UserId | undefined): Member | null {
  const others = members.filter(({ user }) => user.id !== owner).sort(bySeniority);
  return others.find(({ role }) => role === "admin") ?? others[0] ?? null;
}

function bySeniority(a: Member, b: Member): number {
  const order = Date.parse(a.joinedAt) - Date.parse(b.joinedAt);
  return order || (a.user.id < b.user.id ? -1 : 1);
}

async function everybody(actions: Messenger, chatId: ChatId): Promise<Member[]> {
  const members: Member[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await actions.members(chatId, cursor);
    members.push(...page.items);
    if (page.nextCursor === null) return members;
    cursor = page.nextCursor;
  }
}
