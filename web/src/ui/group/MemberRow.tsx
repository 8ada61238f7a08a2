import { useState } from "react";
import { t } from "../../i18n";
import { called } from "../../text/names";
import type { Chat, Member, Role } from "../../wire";
import { canManage } from "../chat/rights";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { ConfirmDialog } from "../kit/Dialog";
import { failureOf, wordsFor } from "../kit/failure";
import { OneLine } from "../kit/OneLine";
import { warn } from "../kit/toast";
import { MenuButton, type MenuItem } from "../kit/useMenu";
import { useBonds } from "../people/useBonds";
import { useTalk } from "../people/useTalk";

interface Props {
  chat: Chat;
  member: Member;
  isMe: boolean;
  onChanged: () => void;
}

const ROLES = { owner: "group.role.owner", admin: "group.role.admin" } as const;

export function MemberRow({ chat, member: { user, role }, isMe, onChanged }: Props) {
  const name = isMe ? t("chat.you") : called(user);
  const actions = useMemberActions(chat, { user, role }, isMe, onChanged);
  return (
    // Rows out of sight cost nothing, so that a thousand of them are no burden.
    <li className="flex min-h-15 items-center gap-3 rounded-xl px-2 [contain-intrinsic-size:auto_60px] [content-visibility:auto] hover:bg-hover">
      <Avatar id={user.id} name={called(user)} size={44} />
      <span className="min-w-0 flex-1">
        <OneLine className="font-medium">{name}</OneLine>
        <OneLine className="text-muted text-sm">@{user.username}</OneLine>
      </span>
      {role !== "member" && (
        <span className="rounded-full bg-accent-soft px-2 py-0.5 text-accent text-xs">{t(ROLES[role])}</span>
      )}
      {!isMe && (
        <MenuButton icon="dots" label={t("group.memberMenu", { name: called(user) })} items={actions.items} />
      )}
      {actions.dialog}
    </li>
  );
}

type Asked = "remove" | "transfer" | null;

function useMemberActions(
  chat: Chat,
  member: Pick<Member, "user" | "role">,
  isMe: boolean,
  onChanged: () => void,
) {
  const actions = useActions();
  const { user, role } = member;
  const person = useMessenger((state) => state.users[user.id]) ?? { ...user, nickname: null };
  const bonds = useBonds(person);
  const talk = useTalk();
  const [asked, setAsked] = useState<Asked>(null);
  const [isBusy, setBusy] = useState(false);

  const attempt = async (doing: Promise<unknown>) => {
    setBusy(true);
    try {
      await doing;
      onChanged();
    } catch (error) {
      warn(wordsFor(failureOf(error)));
    }
    setBusy(false);
    setAsked(null);
  };
  const changeRole = (to: Role) => void attempt(actions.changeRole(chat.id, user.id, to));
  const items = (): MenuItem[] => {
    const offered: (MenuItem | false)[] = [
      !isMe && { label: t("group.write"), icon: "compose", run: () => talk.talkTo(user) },
      canManage(chat, role) &&
        (role === "member"
          ? { label: t("group.makeAdmin"), icon: "star", run: () => changeRole("admin") }
          : { label: t("group.makeMember"), icon: "person", run: () => changeRole("member") }),
      chat.me.role === "owner" && {
        label: t("group.transfer"),
        icon: "forward",
        run: () => setAsked("transfer"),
      },
      canManage(chat, role) && {
        label: t("group.remove"),
        icon: "trash",
        isDanger: true,
        startsGroup: true,
        run: () => setAsked("remove"),
      },
      ...(isMe ? [] : ownGroup(bonds.items())),
    ];
    return offered.filter((item) => item !== false);
  };

  const confirmation = asked && (
    <ConfirmDialog
      title={t(asked === "remove" ? "group.removeTitle" : "group.transferTitle", { name: called(user) })}
      text={t(asked === "remove" ? "group.removeText" : "group.transferText")}
      action={t(asked === "remove" ? "group.remove" : "group.transfer")}
      isBusy={isBusy}
      onConfirm={() =>
        asked === "remove" ? void attempt(actions.removeMember(chat.id, user.id)) : changeRole("owner")
      }
      onClose={() => setAsked(null)}
    />
  );
  const dialog = (
    <>
      {confirmation}
      {bonds.dialog}
      {talk.popup}
    </>
  );
  return { items, dialog };
}

/** What somebody is to the user has nothing to do with what they are in the group. */
function ownGroup([first, ...others]: MenuItem[]): MenuItem[] {
  return first ? [{ ...first, startsGroup: true }, ...others] : [];
}
