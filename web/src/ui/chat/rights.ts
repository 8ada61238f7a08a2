/** What the server lets one do: asked here only so that nothing is offered in vain. */

import type { Chat, Message, Role, UserId } from "../../wire";

const EDIT_WINDOW_MS = 24 * 60 * 60 * 1_000;
const RANKS: Record<Role, number> = { member: 0, admin: 1, owner: 2 };

export function isAtLeast(role: Role, least: Role): boolean {
  return RANKS[role] >= RANKS[least];
}

export function isOwnText(message: Message, me: UserId | undefined): boolean {
  return message.senderId === me && message.type === "text" && !message.deletedAt;
}

export function canEdit(message: Message, me: UserId | undefined, now: number): boolean {
  return isOwnText(message, me) && now - Date.parse(message.createdAt) < EDIT_WINDOW_MS;
}

/** In groups those who lead may delete what anybody wrote. */
export function canDeleteForAll(message: Message, chat: Chat, me: UserId | undefined): boolean {
  return message.senderId === me || canModerate(chat);
}

export function canModerate(chat: Chat): boolean {
  return chat.type === "group" && isAtLeast(chat.me.role, "admin");
}

/** With its last member a group ends: the one who is alone in it deletes it. */
export function canLeave(chat: Chat): boolean {
  return chat.type === "group" && !(chat.me.role === "owner" && chat.memberCount <= 1);
}

/** Whom one may remove, raise and lower: those below. */
export function canManage(chat: Chat, theirs: Role): boolean {
  return canModerate(chat) && RANKS[theirs] < RANKS[chat.me.role];
}
