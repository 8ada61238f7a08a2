import { listOf, locale, t } from "../../i18n";
import type { State } from "../../sync/model";
import { nameOf } from "../../text/names";
import { duration } from "../../text/times";
import type { Role, SystemEvent, UserId } from "../../wire";

/** What happened in a group, as a sentence. */
export function systemText(event: SystemEvent, by: UserId, users: State["users"], me: UserId): string {
  const name = (id: UserId) => (id === me ? t("chat.youObject") : nameOf(users, id));
  // Whether it was me changes the verb in many languages.
  const who = { who: nameOf(users, by), isMe: by === me ? "yes" : "no" };
  switch (event.kind) {
    case "group_created":
      return t("chat.system.groupCreated", { ...who, title: event.title });
    case "members_added":
      return t("chat.system.membersAdded", { ...who, names: listOf(event.userIds.map(name)) });
    case "member_joined":
      return t("chat.system.memberJoined", who);
    case "member_removed":
      return t("chat.system.memberRemoved", { ...who, name: name(event.userId) });
    case "member_left":
      return event.newOwnerId
        ? t("chat.system.ownerLeft", { ...who, name: name(event.newOwnerId) })
        : t("chat.system.memberLeft", who);
    case "permissions_changed":
      return t("chat.system.permissionsChanged", who);
    case "slow_mode_changed":
      return event.slowModeSecs === 0
        ? t("chat.system.slowModeOff", who)
        : t("chat.system.slowModeOn", { ...who, pause: duration(event.slowModeSecs, locale()) });
    case "history_visible_changed":
      return t(
        event.historyVisible === "all" ? "chat.system.historyShown" : "chat.system.historyHidden",
        who,
      );
    case "disappear_after_changed":
      return event.disappearAfterSecs === null || event.disappearAfterSecs === undefined
        ? t("chat.system.disappearOff", who)
        : t("chat.system.disappearOn", { ...who, ...lifeOf(event.disappearAfterSecs) });
    case "role_changed":
      return t(ROLE_TEXTS[event.role], { ...who, name: name(event.userId) });
    case "ownership_transferred":
      return t("chat.system.transferred", { ...who, name: name(event.userId) });
    case "title_changed":
      return t("chat.system.titleChanged", { ...who, title: event.title });
    case "about_changed":
      return t(event.about === "" ? "chat.system.aboutRemoved" : "chat.system.aboutChanged", who);
  }
}

/** In the largest unit that it is a whole number of. */
function lifeOf(secs: number) {
  if (secs % 86_400 === 0) return { unit: "days", count: secs / 86_400 };
  return { unit: "hours", count: Math.round(secs / 360) / 10 };
}

const ROLE_TEXTS = {
  member: "chat.system.madeMember",
  admin: "chat.system.madeAdmin",
  owner: "chat.system.transferred",
} as const satisfies Record<Role, string>;
