import type { State } from "../../sync/model";
import { fold } from "../../text/highlight";
import { chatName } from "../../text/names";
import type { ChatId, ChatMe, Timestamp } from "../../wire";

/** As far away as a time can be: muted until the user says otherwise. */
export const ALWAYS: Timestamp = "9999-12-31T23:59:59.999Z";

export function isMuted(me: ChatMe, now: number): boolean {
  return me.mutedUntil != null && Date.parse(me.mutedUntil) > now;
}

/** By what came, or because the user wants to come back to it. */
export function isUnread(me: ChatMe | undefined): boolean {
  return me !== undefined && (me.unread > 0 || me.unreadFrom != null);
}

/** Ids in the order of the list: the archived ones or the others, those whose name has the words. */
export function visibleChats(state: State, isArchive: boolean, filter: string): ChatId[] {
  const words = fold(filter.trim());
  return state.order.filter((id) => {
    const chat = state.chats[id]?.chat;
    if (!chat || chat.me.archived !== isArchive) return false;
    return words === "" || fold(chatName(chat, state.users)).includes(words);
  });
}

/**
 * The order while a pointer or the focus rests on a row: nothing moves under it. What is gone goes,
 * what is new waits at the end.
 */
export function holdOrder(held: readonly ChatId[], current: readonly ChatId[]): ChatId[] {
  const there = new Set(current);
  const kept = held.filter((id) => there.has(id));
  const known = new Set(kept);
  return [...kept, ...current.filter((id) => !known.has(id))];
}
