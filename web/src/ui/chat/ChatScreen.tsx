import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Failure, Pending } from "../../sync/model";
import { queryWords } from "../../text/highlight";
import type { ChatId } from "../../wire";
import { BareHeader } from "../frame/BareHeader";
import { useActions, useMessenger } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { isPressed } from "../frame/shortcuts";
import { useWhenOnline } from "../frame/useWhenOnline";
import { JoinersBar } from "../group/JoinersBar";
import { ErrorState } from "../kit/ErrorState";
import { failureOf } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { orWarn } from "../kit/orWarn";
import { usePerson } from "../people/usePerson";
import { anchorOf } from "./anchors";
import { ChatGone } from "./ChatGone";
import { ChatHeader } from "./ChatHeader";
import { ChatSearch } from "./ChatSearch";
import { Composer } from "./Composer";
import type { Writing } from "./composing";
import { EmptyChat } from "./EmptyChat";
import type { Goal } from "./goal";
import { MessageDialogs, type OpenDialog } from "./MessageDialogs";
import { useMessageMenu } from "./MessageMenu";
import { PinnedBar } from "./PinnedBar";
import { isAtLeast } from "./rights";
import { SelectionBar } from "./SelectionBar";
import { SkeletonBubbles } from "./SkeletonBubbles";
import { Timeline, type TimelineHandle } from "./Timeline";
import { type ChatTools, ChatToolsContext } from "./tools";
import { usePendingMenu } from "./usePendingMenu";
import { useSelection } from "./useSelection";

interface Props {
  chatId: ChatId;
  /** The message to go to. */
  at: number | null;
}

/** One chat, from its name to the composer. A new chat is a new instance. */
export function ChatScreen({ chatId, at }: Props) {
  const chat = useMessenger((state) => state.chats[chatId]?.chat);
  const actions = useActions();
  const { failure, retry, goal } = useOpenChat(chatId, at);
  const timeline = useRef<TimelineHandle>(null);
  const [writing, setWriting] = useState<Writing>(
    () => actions.store.getState().edits[chatId] ?? { kind: "new" },
  );
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [query, setQuery] = useState<string | null>(null);
  const stopWriting = useCallback(() => setWriting({ kind: "new" }), []);
  const menu = useMessageMenu();
  const amend = useCallback((pending: Pending) => setWriting({ kind: "amend", pending }), []);
  const { open: openPending, popup: pendingMenu } = usePendingMenu(amend);
  const person = usePerson(chat);
  const { chosen, toggle: select, stop: stopChoosing } = useSelection();
  useFindKey(() => setQuery((now) => now ?? ""));

  const isGroup = chat?.type === "group";
  const canSend = chat !== undefined && isAtLeast(chat.me.role, chat.permissions.send);
  const canPin = chat !== undefined && isAtLeast(chat.me.role, chat.permissions.pin);
  const openMenu = menu.open;
  const showPerson = person.show;
  const tools = useMemo<ChatTools>(
    () => ({
      chatId,
      isGroup,
      canSend,
      canPin,
      chosen,
      select,
      words: queryWords(query ?? ""),
      reply: (message) => setWriting({ kind: "reply", message }),
      edit: (message) => setWriting({ kind: "edit", message }),
      show: (kind, message) => setDialog({ kind, message }),
      openMenu,
      showPerson,
      amend,
      openPending,
    }),
    [chatId, isGroup, canSend, canPin, chosen, select, query, openMenu, showPerson, amend, openPending],
  );

  const wasThere = useRef(false);
  wasThere.current ||= chat !== undefined;
  if (!chat) {
    return (
      <>
        <BareHeader />
        <ChatGone chatId={chatId} wasThere={wasThere.current} failure={failure} onRetry={retry} />
      </>
    );
  }
  return (
    <ChatToolsContext value={tools}>
      <ChatHeader chat={chat} onSearch={() => setQuery("")} />
      {query !== null && (
        <ChatSearch
          chatId={chatId}
          query={query}
          onQuery={setQuery}
          onClose={() => setQuery(null)}
          timeline={timeline}
        />
      )}
      <JoinersBar chatId={chatId} />
      <PinnedBar chatId={chatId} />
      {failure ? (
        <ErrorState failure={failure} onRetry={retry} />
      ) : (
        <Messages chatId={chatId} goal={goal} handle={timeline} />
      )}
      {chosen ? (
        <SelectionBar chatId={chatId} chosen={chosen} onStop={stopChoosing} />
      ) : (
        <Composer
          chat={chat}
          writing={writing}
          onWriting={setWriting}
          onStop={stopWriting}
          onSent={() => timeline.current?.toSent()}
          onLeaveUp={() => timeline.current?.focus()}
        />
      )}
      {menu.popup}
      {pendingMenu}
      {person.dialog}
      {dialog && <MessageDialogs dialog={dialog} onClose={() => setDialog(null)} />}
    </ChatToolsContext>
  );
}

interface MessagesProps {
  chatId: ChatId;
  goal: () => Goal;
  handle: React.RefObject<TimelineHandle | null>;
}

function Messages({ chatId, goal, handle }: MessagesProps) {
  const timeline = useMessenger((state) => state.timelines[chatId]);
  const isGroup = useMessenger((state) => state.chats[chatId]?.chat.type === "group");
  const hasPending = useMessenger((state) => (state.outbox[chatId]?.length ?? 0) > 0);
  const actions = useActions();
  const isEmpty = !timeline || (timeline.messages.length === 0 && !(hasPending && timeline.newer === "end"));
  const hasFailed = timeline?.older === "failed" || timeline?.newer === "failed";
  const isAllThere = timeline?.older === "end" && timeline.newer === "end";
  const isWaiting = useWaiting(isEmpty && !hasFailed && !isAllThere);
  if (!isEmpty && !isWaiting)
    return <Timeline timeline={timeline} goal={goal()} isGroup={isGroup} handle={handle} />;
  if (isEmpty && hasFailed) {
    const again = () =>
      void (timeline.older === "failed" ? actions.loadOlder(chatId) : actions.loadNewer(chatId));
    return <ErrorState failure={timeline.failure ?? UNKNOWN} onRetry={again} />;
  }
  return isAllThere && !isWaiting ? (
    <EmptyChat chatId={chatId} />
  ) : (
    <SkeletonBubbles label={t("chat.loading")} />
  );
}

const UNKNOWN: Failure = {
  code: "unavailable",
  message: "",
  fields: {},
  hint: null,
  retryAfterMs: null,
  isRetryable: true,
};

/** Opens the chat while the screen is there: at a message, where it was left, or at what is new. */
function useOpenChat(chatId: ChatId, at: number | null) {
  const actions = useActions();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tries, setTries] = useState(0);
  const [left] = useState(() => (at === null ? anchorOf(chatId) : null));
  const opened = useRef(at);
  const from = useRef(at ?? left?.seq);

  /** From then on whoever comes back to this address comes back to where they were. */
  const arrived = useCallback(() => {
    const { target } = actions.store.getState().timelines[chatId] ?? {};
    const isThere = target != null && target.seq === opened.current;
    if (isThere && location.pathname === paths.chat(chatId)) replace(paths.chat(chatId));
  }, [actions, chatId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try opens it again
  useEffect(() => {
    let isHere = true;
    setFailure(null);
    actions.openChat(chatId, from.current).then(
      () => isHere && arrived(),
      (error) => isHere && setFailure(failureOf(error)),
    );
    return () => {
      isHere = false;
      actions.closeChat(chatId);
    };
  }, [actions, chatId, tries, arrived]);
  useEffect(() => {
    const wanted = at === opened.current ? null : at;
    opened.current = at;
    if (wanted === null) return;
    orWarn(actions.jumpTo(chatId, wanted).then(arrived));
  }, [actions, chatId, at, arrived]);

  const goal = (): Goal => {
    const timeline = actions.store.getState().timelines[chatId];
    if (left) return { kind: "row", ...left };
    if (timeline?.target) return { kind: "seq", seq: timeline.target.seq };
    return { kind: timeline?.dividerSeq == null ? "end" : "unread" };
  };
  const retry = () => setTries((count) => count + 1);
  useWhenOnline(() => failure && retry());
  return { failure, retry, goal };
}

function useFindKey(onFind: () => void): void {
  const latest = useRef(onFind);
  latest.current = onFind;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isPressed("findInChat", event) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
