import { useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import type { ChatId } from "../../wire";
import { useIsAway } from "../frame/away";
import { useListFilter } from "../frame/listViews";
import { useMessenger } from "../frame/messenger";
import { go } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { useWaiting } from "../kit/late";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { SkeletonRows } from "../kit/Skeleton";
import { RequestsLink } from "../people/RequestsLink";
import { ChatList } from "./ChatList";
import { visibleChats } from "./chatFacts";
import { Filter } from "./Filter";
import { ArchiveHeader, ArchiveLink, ChatsHeader } from "./Headers";
import { InstallOffer } from "./InstallOffer";
import { InviteButton } from "./InviteButton";
import { NotifyOffer } from "./NotifyOffer";
import { VerifyBanner } from "./VerifyBanner";

const NewChat = later(async () => (await import("../people/NewChat")).NewChat);

interface Props {
  current: ChatId | null;
  isArchive?: boolean;
  /** Out of the archive. */
  onClose: () => void;
}

/** The list's side of the frame: all chats, or those put away. */
export function ChatsPane({ current, isArchive = false, onClose }: Props) {
  const list = isArchive ? "archived" : "chats";
  const [typed, setFilter] = useListFilter(list);
  const [isChoosing, setChoosing] = useState(false);
  const isEmpty = useMessenger((state) => visibleChats(state, isArchive, "").length === 0);
  // Then there is no box to clear it in.
  const filter = isEmpty ? "" : typed;
  const ids = useMessenger(useShallow((state) => visibleChats(state, isArchive, filter)));
  const isComplete = useMessenger((state) => state.isListComplete);
  const isWaiting = useWaiting(isEmpty && !isComplete);
  const newChat = () => setChoosing(true);
  const notices = !isArchive && filter === "" && (
    <>
      <NotifyOffer otherwise={<VerifyBanner otherwise={<InstallOffer />} />} />
      <IncomingRequests />
      <ArchiveLink />
    </>
  );

  return (
    <>
      {isArchive ? <ArchiveHeader onClose={onClose} /> : <ChatsHeader onNewChat={newChat} />}
      {!isEmpty && <Filter text={filter} onChange={setFilter} />}
      {ids.length > 0 && !isWaiting ? (
        <ChatList
          name={list}
          label={t(isArchive ? "chats.archivedTitle" : "chats.title")}
          ids={ids}
          current={current}
        >
          {notices}
        </ChatList>
      ) : (
        <>
          {notices}
          <NoChats
            isWaiting={isWaiting}
            isArchive={isArchive}
            query={isEmpty ? null : filter.trim()}
            onNewChat={newChat}
          />
        </>
      )}
      {isChoosing && (
        <Popup onFail={() => setChoosing(false)}>
          <NewChat onClose={() => setChoosing(false)} />
        </Popup>
      )}
    </>
  );
}

/** Not before somebody asks: until then the list has the room. */
function IncomingRequests() {
  const isAsked = useMessenger((state) => state.requests?.some(({ direction }) => direction === "incoming"));
  return isAsked ? <RequestsLink /> : null;
}

interface NoChatsProps {
  isWaiting: boolean;
  isArchive: boolean;
  /** What the list was narrowed by; null where there is nothing to narrow. */
  query: string | null;
  onNewChat: () => void;
}

function NoChats({ isWaiting, isArchive, query, onNewChat }: NoChatsProps) {
  const isAway = useIsAway();
  if (isWaiting && isAway)
    return <EmptyState icon="clock" title={t("chats.notYet")} text={t("chats.notYetText")} />;
  if (isWaiting) return <SkeletonRows rows={8} />;
  if (query !== null) {
    return (
      <EmptyState icon="search" title={t("chats.noneFound")}>
        <Button icon="search" onClick={() => go(paths.search(query))}>
          {t("chats.searchAll")}
        </Button>
      </EmptyState>
    );
  }
  if (isArchive)
    return <EmptyState icon="archive" title={t("chats.noArchived")} text={t("chats.noArchivedText")} />;
  return (
    <EmptyState icon="compose" title={t("chats.none")} text={t("chats.noneText")}>
      <Button look="primary" icon="plus" onClick={onNewChat}>
        {t("chats.start")}
      </Button>
      <InviteButton />
    </EmptyState>
  );
}
