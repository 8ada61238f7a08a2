import { lazy, Suspense, useState } from "react";
import { t } from "../../i18n";
import { chatName } from "../../text/names";
import type { Chat, ChatId } from "../../wire";
import { canLeave, canModerate, isAtLeast } from "../chat/rights";
import { LeaveDialog } from "../chats/LeaveDialog";
import { useChatMenu } from "../chats/useChatMenu";
import { useMessenger } from "../frame/messenger";
import { back } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { IconButton } from "../kit/IconButton";
import { ReportGroup } from "../safety/Report";
import { EditInfo } from "./EditInfo";
import { JoinersBar } from "./JoinersBar";
import { Members } from "./Members";
import { PeerInfo } from "./PeerInfo";
import { Permissions } from "./Permissions";

const Disappearing = lazy(async () => ({ default: (await import("./Disappearing")).Disappearing }));
const Invites = lazy(async () => ({ default: (await import("./Invites")).Invites }));

/** What a chat is, who is in it, and what can be done with it. */
export function GroupInfo({ chatId }: { chatId: ChatId }) {
  const chat = useMessenger((state) => state.chats[chatId]?.chat);
  const isGroup = chat?.type === "group";
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-1 border-line border-b px-1">
        <IconButton icon="close" label={t("kit.close")} onClick={() => back(paths.chat(chatId))} />
        <h1 className="font-semibold text-lg">{t(isGroup ? "group.title" : "group.peerTitle")}</h1>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-[max(1rem,env(safe-area-inset-bottom))]">
        {chat ? (
          <>
            <About chat={chat} />
            {isGroup && <JoinersBar chatId={chatId} />}
            {isGroup && <Members chat={chat} />}
            {isGroup && <Ending chat={chat} />}
          </>
        ) : (
          <EmptyState icon="group" title={t("chat.notFound.title")} text={t("chat.notFound.text")} />
        )}
      </div>
    </>
  );
}

function About({ chat }: { chat: Chat }) {
  const name = useMessenger((state) => chatName(chat, state.users));
  const [opened, setOpened] = useState<"edit" | "permissions" | "invites" | "disappearing" | null>(null);
  const canEdit = chat.type === "group" && isAtLeast(chat.me.role, chat.permissions.editInfo);
  const hasInvites = useMessenger((state) => state.features.has("invites"));
  const canInvite =
    hasInvites && chat.type === "group" && isAtLeast(chat.me.role, chat.permissions.addMembers);
  const canDisappear = useMessenger((state) => state.features.has("disappearing"));
  const menu = useChatMenu(chat.id);
  return (
    <section className="flex flex-col items-center gap-1 px-4 py-6 text-center">
      <Avatar id={chat.peer?.id ?? chat.id} name={name} size={96} />
      <h2 className="mt-3 max-w-full font-semibold text-xl [overflow-wrap:anywhere]">
        <bdi>{name}</bdi>
      </h2>
      {chat.type === "group" ? (
        <p className="text-muted">{t("chat.members", { count: chat.memberCount })}</p>
      ) : (
        chat.peer && <PeerInfo chat={chat} peerId={chat.peer.id} />
      )}
      {chat.type === "group" && chat.about !== "" && (
        <p dir="auto" className="mt-2 max-w-prose whitespace-pre-wrap text-start [overflow-wrap:anywhere]">
          {chat.about}
        </p>
      )}
      <div className="mt-3 flex flex-wrap justify-center gap-2">
        {canEdit && (
          <Button icon="edit" onClick={() => setOpened("edit")}>
            {t("group.edit")}
          </Button>
        )}
        {canInvite && (
          <Button icon="plus" onClick={() => setOpened("invites")}>
            {t("group.invites")}
          </Button>
        )}
        {canModerate(chat) && (
          <Button icon="settings" onClick={() => setOpened("permissions")}>
            {t("group.permissions")}
          </Button>
        )}
        {canDisappear && (chat.type === "direct" || canEdit) && (
          <Button icon="timer" onClick={() => setOpened("disappearing")}>
            {t("group.disappearing")}
          </Button>
        )}
        <Button
          icon="dots"
          aria-haspopup="menu"
          aria-expanded={menu.isOpen}
          onClick={(event) => menu.openAt(event.currentTarget)}
        >
          {t("group.options")}
        </Button>
        {menu.popup}
      </div>
      {opened === "edit" && <EditInfo chat={chat} onClose={() => setOpened(null)} />}
      {opened === "invites" && (
        <Suspense>
          <Invites chat={chat} onClose={() => setOpened(null)} />
        </Suspense>
      )}
      {opened === "disappearing" && (
        <Suspense>
          <Disappearing chat={chat} onClose={() => setOpened(null)} />
        </Suspense>
      )}
      {opened === "permissions" && <Permissions chat={chat} onClose={() => setOpened(null)} />}
    </section>
  );
}

function Ending({ chat }: { chat: Chat }) {
  const [how, setHow] = useState<"leave" | "delete" | null>(null);
  const [isReported, setReported] = useState(false);
  const canReport = useMessenger((state) => state.features.has("reports"));
  return (
    <section className="flex flex-col items-start gap-1 border-line border-t px-2 py-3">
      {canLeave(chat) && (
        <Button look="danger-plain" icon="logout" onClick={() => setHow("leave")}>
          {t("chats.leave")}
        </Button>
      )}
      {chat.me.role === "owner" && (
        <Button look="danger-plain" icon="trash" onClick={() => setHow("delete")}>
          {t("chats.delete")}
        </Button>
      )}
      {canReport && chat.me.role !== "owner" && (
        <Button look="danger-plain" icon="flag" onClick={() => setReported(true)}>
          {t("safety.reportGroup")}
        </Button>
      )}
      {isReported && <ReportGroup id={chat.id} onClose={() => setReported(false)} />}
      {how && <LeaveDialog id={chat.id} name={chat.title} how={how} onClose={() => setHow(null)} />}
    </section>
  );
}
