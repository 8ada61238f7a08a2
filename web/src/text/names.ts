/** What people and chats are called on the screen. */

import { t } from "../i18n";
import type { State } from "../sync/model";
import type { Chat, User, UserId } from "../wire";

/** Somebody who is not known yet has a name soon. */
export function nameOf(users: State["users"], id: UserId): string {
  const user = users[id];
  return user ? called(user) : t("chat.somebody");
}

/** A direct chat is called like the other one, by the newest name known. */
export function chatName(chat: Chat, users: State["users"]): string {
  if (chat.type === "group") return chat.title;
  const peer = chat.peer && (users[chat.peer.id] ?? chat.peer);
  return peer ? called(peer) : t("chat.somebody");
}

/** As this user calls them, or as they call themselves. */
export function called(user: User & { nickname?: string | null }): string {
  if (user.isDeleted) return t("chat.deletedAccount");
  return user.nickname ?? user.displayName;
}
