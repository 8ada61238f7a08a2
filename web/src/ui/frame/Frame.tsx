import { type ReactNode, type Ref, useEffect, useRef, useState } from "react";
import { useSearch } from "wouter";
import { usePathname } from "wouter/use-browser-location";
import { t } from "../../i18n";
import type { ChatId } from "../../wire";
import { ChatsPane } from "../chats/ChatsPane";
import { StatusChip } from "../chats/StatusChip";
import { EmptyState } from "../kit/EmptyState";
import { ErrorBoundary } from "../kit/ErrorBoundary";
import { later, loadAhead } from "../kit/later";
import { Crashed } from "./Crashed";
import { useFollowSettings } from "./followSettings";
import { EXTRA_WIDE, useMedia, WIDE } from "./media";
import { useMessenger } from "./messenger";
import { back } from "./navigation";
import { useNotifications } from "./notifications";
import { usePaneFocus } from "./paneFocus";
import { type Panes, usePanes } from "./panes";
import { paths, type Route } from "./paths";
import { ShortcutSheet } from "./ShortcutSheet";
import { To } from "./To";
import { useTitle } from "./title";
import { useUpdateToast } from "./update";
import { useLosses } from "./useLosses";
import { useRefusals } from "./useRefusals";
import { useShortcuts } from "./useShortcuts";

const ChatScreen = later(async () => (await import("../chat/ChatScreen")).ChatScreen);
const AnnouncementBar = later(async () => (await import("../safety/AnnouncementBar")).AnnouncementBar);
const GroupInfo = later(async () => (await import("../group/GroupInfo")).GroupInfo);
const SearchScreen = later(async () => (await import("../search/SearchScreen")).SearchScreen);
const ContactsScreen = later(async () => (await import("../people/ContactsScreen")).ContactsScreen);
const RequestsScreen = later(async () => (await import("../people/RequestsScreen")).RequestsScreen);
const Join = later(async () => (await import("../group/Join")).Join);
const StarredScreen = later(async () => (await import("../search/StarredScreen")).StarredScreen);
const SettingsHome = later(async () => (await import("../settings/SettingsHome")).SettingsHome);
const SettingsPage = later(async () => (await import("../settings/SettingsPage")).SettingsPage);

/** What is likely to be opened next. */
const NEXT = [ChatScreen, SearchScreen, GroupInfo, SettingsHome, SettingsPage];
/** Longer than `--calm`. */
const SLIDE_MS = 300;

/** The signed-in client: a list and what it leads to; side by side where there is room. */
export function Frame() {
  const panes = usePanes(usePathname());
  const isWide = useMedia(WIDE);
  const listRef = useRef<HTMLElement>(null);
  const mainRef = useRef<HTMLElement>(null);
  const current = panes.main && "chatId" in panes.main ? panes.main.chatId : null;
  const hasMain = isWide || panes.side === "main";
  const sheet = useShortcuts(panes);
  useEffect(() => loadAhead(NEXT), []);
  useTitle(panes.main);
  useNotifications();
  useUpdateToast();
  useRefusals();
  useLosses(panes.route.name === "chat" ? current : null);
  useFollowSettings();
  usePaneFocus(panes.side, isWide, listRef, mainRef);

  return (
    <div className="flex h-full flex-col">
      <Announcements />
      <div className="relative flex min-h-0 flex-1">
        <ListPane ref={listRef} isCovered={!isWide && panes.side === "main"}>
          <Pane key={panes.list.name} canLeave={panes.list.name !== "chats"}>
            <ListSide panes={panes} current={current} />
          </Pane>
        </ListPane>
        {hasMain && (
          <main
            ref={mainRef}
            data-region
            tabIndex={-1}
            aria-label={t("frame.chatPane")}
            className="absolute inset-0 flex min-w-0 flex-col bg-canvas pt-[env(safe-area-inset-top)] outline-none max-wide:slide-in wide:static wide:flex-1"
          >
            <Pane key={current ?? panes.main?.name} canLeave>
              <MainSide route={panes.main} />
            </Pane>
          </main>
        )}
        {!showsOwnChip(panes, isWide) && (
          <div className="pointer-events-none absolute inset-x-0 top-13.5 z-10 flex justify-center wide:w-90">
            <StatusChip />
          </div>
        )}
        {sheet.isOpen && <ShortcutSheet onClose={sheet.close} />}
      </div>
    </div>
  );
}

interface ListPaneProps {
  ref: Ref<HTMLElement>;
  isCovered: boolean;
  children: ReactNode;
}

function ListPane({ ref, isCovered, children }: ListPaneProps) {
  const [isAway, setAway] = useState(isCovered);
  useEffect(() => {
    // All of its rows are styled anew for that, which is not to keep the chat waiting that slides over it.
    const timer = setTimeout(setAway, isCovered ? SLIDE_MS : 0, isCovered);
    return () => clearTimeout(timer);
  }, [isCovered]);
  return (
    <nav
      ref={ref}
      data-region
      tabIndex={-1}
      aria-label={t("frame.leftPane")}
      inert={isCovered && isAway}
      className="absolute inset-0 flex flex-col bg-surface pt-[env(safe-area-inset-top)] outline-none inert:invisible wide:static wide:w-90 wide:shrink-0 wide:border-e wide:border-line"
    >
      {children}
    </nav>
  );
}

function Announcements() {
  const announcements = useMessenger((state) => state.announcements);
  if (announcements.length === 0) return null;
  return (
    <ErrorBoundary instead={() => null} of={announcements}>
      <AnnouncementBar announcements={announcements} />
    </ErrorBoundary>
  );
}

/** The lists of chats have room for it in their header; over all else it floats, so there is always one. */
function showsOwnChip({ list, side }: Panes, isWide: boolean): boolean {
  return (isWide || side === "list") && (list.name === "chats" || list.name === "archived");
}

function Pane({ children, canLeave }: { children: ReactNode; canLeave: boolean }) {
  return (
    <ErrorBoundary instead={(failed) => <Crashed {...failed} canLeave={canLeave} />}>
      {children}
    </ErrorBoundary>
  );
}

function ListSide({ panes, current }: { panes: Panes; current: ChatId | null }) {
  switch (panes.list.name) {
    case "search":
      return <SearchScreen onClose={panes.leaveList} />;
    case "contacts":
      return <ContactsScreen onClose={panes.leaveList} />;
    case "requests":
      return <RequestsScreen onClose={() => back(paths.contacts())} />;
    case "settings":
      return (
        <SettingsHome
          current={panes.main?.name === "settings" ? panes.main.section : null}
          onClose={panes.leaveList}
        />
      );
    case "archived":
      return <ChatsPane current={current} isArchive onClose={panes.leaveList} />;
    default:
      return <ChatsPane current={current} onClose={panes.leaveList} />;
  }
}

function MainSide({ route }: { route: Route | null }) {
  const isExtraWide = useMedia(EXTRA_WIDE);
  const at = new URLSearchParams(useSearch()).get("at");
  switch (route?.name) {
    case "chat":
    case "chatInfo": {
      const hasInfo = route.name === "chatInfo";
      const seq = at === null ? null : Number.parseInt(at, 10);
      return (
        <div className="flex min-h-0 flex-1">
          {(!hasInfo || isExtraWide) && (
            <div className="flex min-w-0 flex-1 flex-col short:overflow-y-auto">
              <ChatScreen key={route.chatId} chatId={route.chatId} at={Number.isNaN(seq) ? null : seq} />
            </div>
          )}
          {hasInfo && (
            <aside
              data-region
              tabIndex={-1}
              className="flex min-w-0 flex-1 flex-col bg-surface outline-none max-wide:slide-in extra:w-90 extra:flex-none extra:border-s extra:border-line"
            >
              <GroupInfo key={route.chatId} chatId={route.chatId} />
            </aside>
          )}
        </div>
      );
    }
    case "join":
      return <Join key={route.code} code={route.code} />;
    case "starred":
      return <StarredScreen />;
    case "settings":
      return <SettingsPage section={route.section ?? "profile"} />;
    case undefined:
      return <EmptyState icon="unread" title={t("frame.nothingOpen")} />;
    default:
      return (
        <EmptyState icon="search" title={t("frame.notFound")} text={t("frame.notFoundText")}>
          <To href={paths.chats()} className="rounded-xl bg-accent px-4 py-2.5 font-medium text-on-accent">
            {t("frame.toChats")}
          </To>
        </EmptyState>
      );
  }
}
