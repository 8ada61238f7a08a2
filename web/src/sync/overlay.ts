/** Own changes that the server has not confirmed, laid over what it last said. */

import type { ChatMe, Message, MessageId, Reaction, UserId } from "../wire";
import type { ChatEntry, PendingChange, Timeline } from "./model";

/** The same timeline where nothing is wished. */
export function withWishes(timeline: Timeline, wishes: readonly PendingChange[], me: UserId): Timeline {
  const ids = new Set(wishes.map((change) => change.state === "waiting" && change.messageId));
  if (!timeline.messages.some((message) => ids.has(message.id))) return timeline;
  return { ...timeline, messages: timeline.messages.flatMap((it) => fulfilled(it, wishes, me) ?? []) };
}

/** As it will be; null: hidden. */
function fulfilled(message: Message, wishes: readonly PendingChange[], me: UserId): Message | null {
  const mine = wishes.filter((change) => change.messageId === message.id && change.state === "waiting");
  if (mine.some((change) => change.wish.kind === "hide")) return null;
  return mine.reduce((shown, change) => fulfil(shown, change, me), message);
}

/** The message as it will be once the server has done what was wished. */
export function fulfil(
  message: Message,
  { wish, at }: Pick<PendingChange, "wish" | "at">,
  me: UserId,
): Message {
  switch (wish.kind) {
    case "edit":
      return { ...message, content: wish.content, editedAt: at };
    case "delete":
      return { ...message, content: "", reactions: [], mentions: [], pinnedAt: null, deletedAt: at };
    case "react":
      return { ...message, reactions: reacted(message.reactions, wish.emoji, wish.on, me) };
    case "pin":
      return { ...message, pinnedAt: wish.on ? at : null };
    default:
      return message;
  }
}

function reacted(reactions: readonly Reaction[], emoji: string, on: boolean, me: UserId): Reaction[] {
  const there = reactions.find((reaction) => reaction.emoji === emoji);
  if (!there) return on ? [...reactions, { emoji, count: 1, userIds: [me], mine: true }] : [...reactions];
  if (there.mine === on) return [...reactions];
  const others = there.userIds.filter((user) => user !== me);
  const changed: Reaction = {
    emoji,
    count: there.count + (on ? 1 : -1),
    userIds: on ? [...others, me] : others,
    mine: on,
  };
  return reactions.flatMap((reaction) => {
    if (reaction !== there) return [reaction];
    return changed.count > 0 ? [changed] : [];
  });
}

/** The chat as the list shows it: with the user's marks, and its last message as it will be. */
export function chatWith<T extends ChatEntry>(
  entry: T,
  wishes: readonly PendingChange[],
  me: UserId,
  timeline: Timeline | undefined,
): T {
  const { chat } = entry;
  const last = chat.lastMessage && fulfilled(chat.lastMessage, wishes, me);
  const isHidden = Boolean(chat.lastMessage) && last === null;
  const before = timeline?.newer === "end" ? timeline.messages.at(-1) : undefined;
  const lastMessage = isHidden ? (before ?? null) : last;
  return { ...entry, chat: { ...chat, lastMessage, me: { ...chat.me, ...marksIn(wishes) } } };
}

function marksIn(wishes: readonly PendingChange[]): Partial<ChatMe> {
  const marks = wishes.flatMap(({ wish, state }) =>
    wish.kind === "mark" && state === "waiting" ? [[wish.mark.name, wish.mark.value] as const] : [],
  );
  return Object.fromEntries(marks);
}

export function starredWith(
  starred: ReadonlySet<MessageId>,
  wishes: readonly PendingChange[],
): ReadonlySet<MessageId> {
  const shown = new Set(starred);
  for (const { messageId, wish, state } of wishes) {
    if (wish.kind !== "star" || messageId === null || state === "failed") continue;
    if (wish.on) shown.add(messageId);
    else shown.delete(messageId);
  }
  return shown;
}
