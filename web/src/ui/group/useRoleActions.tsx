import { type ReactNode, useState } from "react";
import { t } from "../../i18n";
import { called } from "../../text/names";
import type { Chat, Role, User } from "../../wire";
import { canManage } from "../chat/rights";
import { useActions } from "../frame/messenger";
import { ConfirmDialog } from "../kit/Dialog";
import { wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";
import type { MenuItem } from "../kit/useMenu";
import { useSubmit } from "../kit/useSubmit";

interface RoleActions {
  items: () => MenuItem[];
  /** To be rendered anywhere. */
  dialog: ReactNode;
}

type Asked = "remove" | "transfer" | null;

/** What the user may make of a member of a group; nothing of who is none (`role` is null). */
export function useRoleActions(
  chat: Chat,
  user: User,
  role: Role | null,
  onChanged: () => void,
): RoleActions {
  const actions = useActions();
  const [asked, setAsked] = useState<Asked>(null);
  const { isBusy, submit } = useSubmit((failure) => warn(wordsFor(failure)));

  const attempt = async (work: () => Promise<unknown>) => {
    await submit(async () => {
      await work();
      onChanged();
    });
    setAsked(null);
  };
  const changeRole = (to: Role) => void attempt(() => actions.changeRole(chat.id, user.id, to));

  const items = (): MenuItem[] => {
    if (role === null || chat.type !== "group") return [];
    const offered: (MenuItem | false)[] = [
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
    ];
    return offered.filter((item) => item !== false);
  };

  const dialog = asked && (
    <ConfirmDialog
      title={t(asked === "remove" ? "group.removeTitle" : "group.transferTitle", { name: called(user) })}
      text={t(asked === "remove" ? "group.removeText" : "group.transferText")}
      action={t(asked === "remove" ? "group.remove" : "group.transfer")}
      isBusy={isBusy}
      onConfirm={() =>
        asked === "remove" ? void attempt(() => actions.removeMember(chat.id, user.id)) : changeRole("owner")
      }
      onClose={() => setAsked(null)}
    />
  );
  return { items, dialog };
}
