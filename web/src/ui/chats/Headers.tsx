import { t } from "../../i18n";
import { useMessenger } from "../frame/messenger";
import { go } from "../frame/navigation";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { MenuButton } from "../kit/useMenu";
import { visibleChats } from "./chatFacts";
import { StatusChip } from "./StatusChip";

export function ChatsHeader({ onNewChat }: { onNewChat: () => void }) {
  const me = useMessenger((state) => state.me);
  const hasContacts = useMessenger((state) => state.features.has("contacts"));
  return (
    <header className="group/header flex h-16 shrink-0 items-center gap-1 px-2">
      <To
        href={paths.settings()}
        aria-label={t("settings.title")}
        title={t("settings.title")}
        className="grid size-12 shrink-0 place-items-center rounded-full"
      >
        <Avatar id={me?.id ?? ""} name={me?.displayName ?? ""} size={36} />
      </To>
      <h1 className="min-w-0 shrink-[9] truncate text-xl font-bold group-has-data-told/header:sr-only">
        {t("chats.title")}
      </h1>
      <div className="flex min-w-0 flex-1 justify-end group-has-data-told/header:justify-start">
        <StatusChip />
      </div>
      <MenuButton
        label={t("kit.more")}
        icon="dots"
        items={() => [
          { label: t("chats.searchAll"), icon: "search", run: () => go(paths.search()) },
          ...(hasContacts
            ? [{ label: t("contacts.title"), icon: "person", run: () => go(paths.contacts()) } as const]
            : []),
          { label: t("chats.starred"), icon: "star", run: () => go(paths.starred()) },
          { label: t("chats.archivedTitle"), icon: "archive", run: () => go(paths.archived()) },
          {
            label: t("settings.title"),
            icon: "settings",
            run: () => go(paths.settings()),
            startsGroup: true,
          },
        ]}
      />
      <IconButton icon="compose" label={t("chats.newChat")} onClick={onNewChat} className="text-accent" />
    </header>
  );
}

export function ArchiveHeader({ onClose }: { onClose: () => void }) {
  return (
    <header className="flex h-16 shrink-0 items-center gap-1 px-2">
      <IconButton icon="back" label={t("kit.back")} onClick={onClose} />
      <h1 className="min-w-0 truncate text-xl font-bold">{t("chats.archivedTitle")}</h1>
      <div className="flex min-w-0 flex-1 justify-end pe-2">
        <StatusChip />
      </div>
    </header>
  );
}

/** Above the list, where something is put away. */
export function ArchiveLink() {
  const count = useMessenger((state) => visibleChats(state, true, "").length);
  const unread = useMessenger((state) =>
    visibleChats(state, true, "").reduce((sum, id) => sum + (state.chats[id]?.chat.me.unread ?? 0), 0),
  );
  if (count === 0) return null;
  return (
    <To
      href={paths.archived()}
      className="mx-2 flex min-h-11 items-center gap-3 rounded-xl px-2 text-muted hover:bg-hover"
    >
      <span className="grid w-12 place-items-center">
        <Icon name="archive" size={20} />
      </span>
      <span className="flex-1 font-medium">{t("chats.archivedTitle")}</span>
      <span className="pe-1 text-sm">{unread > 0 ? t("chats.unread", { count: unread }) : count}</span>
    </To>
  );
}
