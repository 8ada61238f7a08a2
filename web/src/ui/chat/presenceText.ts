import { listOf, locale, t } from "../../i18n";
import type { Presence, State } from "../../sync/model";
import { nameOf } from "../../text/names";
import { clock, dayName, daysAgo } from "../../text/times";
import type { Chat, User, UserId } from "../../wire";

/** What goes on in a chat, in the line below its name: who types, who is there. */
export function statusText(chat: Chat, state: State, now: number): string {
  const typing = state.typing[chat.id] ?? [];
  if (typing.length > 0)
    return typingText(
      chat,
      state.users,
      typing.map((one) => one.userId),
    );
  if (chat.type === "group") return t("chat.members", { count: chat.memberCount });
  return chat.peer ? personStatus(chat.peer, state, now) : "";
}

/** Between two of whom one blocks the other nothing is told. */
export function personStatus(user: User, state: State, now: number): string {
  const known = state.users[user.id] ?? user;
  if (known.isBlocked) return t("contacts.blockedState");
  return presenceText(presenceOf(state, user.id), known.lastSeenAt ?? null, now);
}

/** Without a connection nobody knows who is there now. */
export function presenceOf({ connection, presence }: State, id: UserId): Presence | undefined {
  return "since" in connection ? undefined : presence[id];
}

function typingText(chat: Chat, users: State["users"], ids: UserId[]): string {
  if (chat.type === "direct") return t("chat.typing.peer");
  if (ids.length > 3) return t("chat.typing.many", { count: ids.length });
  return t("chat.typing.names", { names: listOf(ids.map((id) => nameOf(users, id))), count: ids.length });
}

function presenceText(presence: Presence | undefined, known: string | null, now: number): string {
  if (presence && presence.status !== "offline")
    return t(presence.status === "online" ? "kit.online" : "kit.away");
  // Who is there but does not tell since when, may hide it: nothing is said then.
  const seen = presence ? presence.lastSeenAt : known;
  if (seen === null) return "";
  const time = clock(seen, locale());
  const days = daysAgo(seen, now);
  if (days <= 0) return t("chat.lastSeen.today", { time });
  return t("chat.lastSeen.day", { day: dayName(seen, now, locale()), time });
}
