import { useState } from "react";
import { t } from "../../i18n";
import { chatName } from "../../text/names";
import type { Chat, ChatId } from "../../wire";
import { canLeave, canModerate, isAtLeast } from "../chat/rights";
import { LeaveDialog } from "../chats/LeaveDialog";
import { useChatMenu } from "../chats/useChatMenu";
import { useMessenger } from "../frame/messenger";
import { back } from "../frame/navigation";
import { paths } from "../frame/paths";
import { ActionRow } from "../kit/ActionRow";
import { Avatar } from "../kit/Avatar";
import { EmptyState } from "../kit/EmptyState";
import { IconButton } from "../kit/IconButton";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { ReportGroup } from "../safety/Report";
import { EditInfo } from "./EditInfo";
import { JoinersBar } from "./JoinersBar";
import { lifeText } from "./life";
import { Members } from "./Members";
import { PeerBonds, PeerInfo } from "./PeerInfo";
import { Permissions } from "./Permissions";

const Disappearing = later(async () => (await import("./Disappearing")).Disappearing);
const Invites = later(async () => (await import("./Invites")).Invites);
const PinsDialog = later(async () => (await import("../chat/PinsDialog")).PinsDialog);

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
            {chat.peer && <PeerBonds id={chat.peer.id} />}
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
  const [opened, setOpened] = useState<"edit" | "permissions" | "invites" | "disappearing" | "pins" | null>(
    null,
  );
  const canEdit = chat.type === "group" && isAtLeast(chat.me.role, chat.permissions.editInfo);
  const canPin = isAtLeast(chat.me.role, chat.permissions.pin);
  const hasInvites = useMessenger((state) => state.features.has("invites"));
  const canInvite =
    hasInvites && chat.type === "group" && isAtLeast(chat.me.role, chat.permissions.addMembers);
  const canDisappear = useMessenger((state) => state.features.has("disappearing"));
  const menu = useChatMenu(chat.id);
  return (
    <section>
      <div className="flex flex-col items-center gap-1 border-line border-b px-4 py-6 text-center">
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
      </div>
      <div className="px-2 py-3">
        {canEdit && <ActionRow icon="edit" label={t("group.edit")} onClick={() => setOpened("edit")} />}
        {canInvite && (
          <ActionRow icon="plus" label={t("group.invites")} onClick={() => setOpened("invites")} />
        )}
        {canModerate(chat) && (
          <ActionRow
            icon="settings"
            label={t("group.permissions")}
            onClick={() => setOpened("permissions")}
          />
        )}
        {canDisappear && (chat.type === "direct" || canEdit) && (
          <ActionRow
            icon="timer"
            label={t("group.disappearing")}
            value={lifeText(chat.disappearAfterSecs ?? 0)}
            onClick={() => setOpened("disappearing")}
          />
        )}
        <ActionRow icon="pin" label={t("chat.pinnedAll")} onClick={() => setOpened("pins")} />
        <ActionRow
          icon="dots"
          label={t("group.options")}
          aria-haspopup="menu"
          aria-expanded={menu.isOpen}
          onClick={(event) => menu.openAt(event.currentTarget)}
        />
        {menu.popup}
      </div>
      {opened === "edit" && <EditInfo chat={chat} onClose={() => setOpened(null)} />}
      {opened === "invites" && (
        <Popup onFail={() => setOpened(null)}>
          <Invites chat={chat} onClose={() => setOpened(null)} />
        </Popup>
      )}
      {opened === "disappearing" && (
        <Popup onFail={() => setOpened(null)}>
          <Disappearing chat={chat} onClose={() => setOpened(null)} />
        </Popup>
      )}
      {opened === "pins" && (
        <Popup onFail={() => setOpened(null)}>
          <PinsDialog chatId={chat.id} canPin={canPin} onClose={() => setOpened(null)} />
        </Popup>
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
    <section className="border-line border-t px-2 py-3">
      {canLeave(chat) && (
        <ActionRow isDanger icon="logout" label={t("chats.leave")} onClick={() => setHow("leave")} />
      )}
      {chat.me.role === "owner" && (
        <ActionRow isDanger icon="trash" label={t("chats.delete")} onClick={() => setHow("delete")} />
      )}
      {canReport && chat.me.role !== "owner" && (
        <ActionRow isDanger icon="flag" label={t("safety.reportGroup")} onClick={() => setReported(true)} />
      )}
      {isReported && <ReportGroup id={chat.id} onClose={() => setReported(false)} />}
      {how && <LeaveDialog id={chat.id} name={chat.title} how={how} onClose={() => setHow(null)} />}
    </section>
  );
}
