/** Who is typing where; what nobody renews ends after 6 s. */

import type { ChatId, TypingUpdate, UserId } from "../wire";
import type { State, Typing } from "./model";

export const TYPING_LASTS_MS = 6_000;

type TypingByChat = State["typing"];

export function hearTyping(typing: TypingByChat, update: TypingUpdate, now: number): TypingByChat {
  const others = (typing[update.chatId] ?? []).filter((entry) => entry.userId !== update.userId);
  if (!update.typing) return withChat(typing, update.chatId, others);
  const entry = { userId: update.userId, kind: update.kind, until: now + TYPING_LASTS_MS };
  return withChat(typing, update.chatId, [...others, entry]);
}

/** Whoever's message has come is not typing it any more. */
export function stopTyping(typing: TypingByChat, chat: ChatId, user: UserId): TypingByChat {
  const before = typing[chat];
  if (!before?.some((entry) => entry.userId === user)) return typing;
  return withChat(
    typing,
    chat,
    before.filter((entry) => entry.userId !== user),
  );
}

export function expireTyping(typing: TypingByChat, now: number): TypingByChat {
  let left = typing;
  for (const [chat, entries] of Object.entries(typing)) {
    const living = entries.filter((entry) => entry.until > now);
    if (living.length < entries.length) left = withChat(left, chat, living);
  }
  return left;
}

/** When `expireTyping` will next have something to do. */
export function nextExpiry(typing: TypingByChat): number | null {
  const all = Object.values(typing).flat();
  return all.length === 0 ? null : Math.min(...all.map((entry) => entry.until));
}

function withChat(typing: TypingByChat, chat: ChatId, entries: readonly Typing[]): TypingByChat {
  const { [chat]: _, ...others } = typing;
  return entries.length === 0 ? others : { ...others, [chat]: entries };
}
