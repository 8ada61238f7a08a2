/** Own changes that the server has not confirmed, laid over what it last said. */

import type { Message, MessageId, Reaction, Timestamp, UserId } from "../wire";
import type { Timeline } from "./model";

export type Wish =
  | { kind: "edit"; content: string }
  | { kind: "delete" }
  | { kind: "hide" }
  | { kind: "react"; emoji: string; on: boolean }
  | { kind: "pin"; on: boolean };

export interface Overlay {
  messageId: MessageId;
  wish: Wish;
  at: Timestamp;
}

/** The same timeline where nothing is wished. */
export function withOverlays(timeline: Timeline, overlays: readonly Overlay[], me: UserId): Timeline {
  const ids = new Set(overlays.map((overlay) => overlay.messageId));
  if (!timeline.messages.some((message) => ids.has(message.id))) return timeline;
  const messages = timeline.messages.flatMap((message) => {
    if (!ids.has(message.id)) return [message];
    const mine = overlays.filter((overlay) => overlay.messageId === message.id);
    if (mine.some((overlay) => overlay.wish.kind === "hide")) return [];
    return [mine.reduce((shown, overlay) => fulfil(shown, overlay, me), message)];
  });
  return { ...timeline, messages };
}

/** The message as it will be once the server has done what was wished. */
export function fulfil(message: Message, { wish, at }: Omit<Overlay, "messageId">, me: UserId): Message {
  switch (wish.kind) {
    case "edit":
      return { ...message, content: wish.content, editedAt: at };
    case "delete":
      return { ...message, content: "", reactions: [], mentions: [], pinnedAt: null, deletedAt: at };
    case "react":
      return { ...message, reactions: reacted(message.reactions, wish.emoji, wish.on, me) };
    case "pin":
      return { ...message, pinnedAt: wish.on ? at : null };
    case "hide":
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
