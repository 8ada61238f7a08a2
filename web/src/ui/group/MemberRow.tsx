import { t } from "../../i18n";
import { called } from "../../text/names";
import type { Chat, Member, UserId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { OneLine } from "../kit/OneLine";
import { MenuButton, type MenuItem } from "../kit/useMenu";
import { useBonds } from "../people/useBonds";
import { useTalk } from "../people/useTalk";
import { useRoleActions } from "./useRoleActions";

interface Props {
  chat: Chat;
  member: Member;
  isMe: boolean;
  onShow: (id: UserId) => void;
  onChanged: () => void;
}

const ROLES = { owner: "group.role.owner", admin: "group.role.admin" } as const;

export function MemberRow({ chat, member: { user, role }, isMe, onShow, onChanged }: Props) {
  const person = useMessenger((state) => state.users[user.id]) ?? { ...user, nickname: null };
  const name = called(person);
  const roles = useRoleActions(chat, user, role, onChanged);
  const bonds = useBonds(person);
  const talk = useTalk();
  const items = (): MenuItem[] => [
    { label: t("group.write"), icon: "compose", run: () => talk.talkTo(user) },
    ...roles.items(),
    ...ownGroup(bonds.items()),
  ];
  const face = (
    <>
      <Avatar id={user.id} name={name} size={44} />
      <span className="min-w-0 flex-1">
        <OneLine className="font-medium">{isMe ? t("chat.you") : name}</OneLine>
        <OneLine className="text-muted text-sm">@{user.username}</OneLine>
      </span>
      {role !== "member" && (
        <span className="rounded-full bg-accent-soft px-2 py-0.5 text-accent text-xs">{t(ROLES[role])}</span>
      )}
    </>
  );
  return (
    // Rows out of sight cost nothing, so that a thousand of them are no burden.
    <li className="flex min-h-15 items-center rounded-xl pe-1 [contain-intrinsic-size:auto_60px] [content-visibility:auto] hover:bg-hover">
      {isMe ? (
        <div className={FACE}>{face}</div>
      ) : (
        <button type="button" className={FACE} onClick={() => onShow(user.id)}>
          {face}
        </button>
      )}
      {!isMe && <MenuButton icon="dots" label={t("group.memberMenu", { name })} items={items} />}
      {roles.dialog}
      {bonds.dialog}
      {talk.popup}
    </li>
  );
}

const FACE =
  "flex min-h-15 min-w-0 flex-1 items-center gap-3 rounded-xl px-2 text-start focus-visible:-outline-offset-2";

/** What somebody is to the user has nothing to do with what they are in the group. */
function ownGroup([first, ...others]: MenuItem[]): MenuItem[] {
  return first ? [{ ...first, startsGroup: true }, ...others] : [];
}
