import { t } from "../../i18n";
import { plainText } from "../../text/markdown";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { copyText } from "../kit/copyText";
import type { IconName } from "../kit/icons";
import { canEdit } from "./rights";
import { useChatTools } from "./tools";

export interface Action {
  label: string;
  icon: IconName;
  run: () => void;
  isDanger?: boolean;
}

/** What I may do with a message, most wanted first. */
export function useMessageActions(message: Message) {
  const tools = useChatTools();
  const messenger = useActions();
  const { me, starred, features } = messenger.store.getState();
  const isStarred = starred.has(message.id);
  const isPinned = Boolean(message.pinnedAt);
  const offered: (Action | false)[] = [
    tools.canSend && { label: t("chat.reply"), icon: "reply", run: () => tools.reply(message) },
    canEdit(message, me?.id, Date.now()) && {
      label: t("chat.edit"),
      icon: "edit",
      run: () => tools.edit(message),
    },
    { label: t("chat.copy"), icon: "copy", run: () => void copy(message) },
    { label: t("chat.forward"), icon: "forward", run: () => tools.show("forward", message) },
    {
      label: t(isStarred ? "chat.unstar" : "chat.star"),
      icon: "star",
      run: () => messenger.star(message, !isStarred),
    },
    tools.canPin && {
      label: t(isPinned ? "chat.unpin" : "chat.pin"),
      icon: "pin",
      run: () => messenger.pin(message, !isPinned),
    },
    tools.isGroup &&
      message.senderId !== me?.id && {
        label: t("chat.aboutSender"),
        icon: "person",
        run: () => tools.showPerson(message.senderId),
      },
    { label: t("chat.select"), icon: "check", run: () => tools.select(message) },
    { label: t("chat.details"), icon: "info", run: () => tools.show("details", message) },
    features.has("reports") &&
      message.senderId !== me?.id &&
      !message.deletedAt && {
        label: t("safety.report"),
        icon: "flag",
        isDanger: true,
        run: () => tools.show("report", message),
      },
    { label: t("chat.deleteMore"), icon: "trash", isDanger: true, run: () => tools.show("delete", message) },
  ];
  return {
    actions: offered.filter((action) => action !== false),
    react: (emoji: string, on: boolean) => messenger.react(message, emoji, on),
    more: () => tools.show("emoji", message),
  };
}

export async function copy({ content }: { content: string }): Promise<void> {
  await copyText(plainText(content));
}
