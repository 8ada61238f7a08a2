import { type RefObject, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { queryWords } from "../../text/highlight";
import type { ChatId, Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { failureOf, wordsFor } from "../kit/failure";
import { IconButton } from "../kit/IconButton";
import type { Goal } from "./goal";
import type { TimelineHandle } from "./Timeline";

interface Props {
  chatId: ChatId;
  query: string;
  onQuery: (query: string) => void;
  onClose: () => void;
  timeline: RefObject<TimelineHandle | null>;
}

const PAUSE_MS = 250;

/** Finds words in this chat, newest first, and leads from one place to the next. */
export function ChatSearch({ chatId, query, onQuery, onClose, timeline }: Props) {
  const actions = useActions();
  const found = useFound(chatId, query);
  const box = useRef<HTMLInputElement>(null);
  const [from] = useState<Goal | null>(() => timeline.current?.place() ?? null);
  useEffect(() => {
    box.current?.focus();
  }, []);

  const close = async () => {
    onClose();
    if (from?.kind === "row") await actions.jumpTo(chatId, from.seq).catch(() => undefined);
    // Once the messages there are on the screen.
    requestAnimationFrame(() => from && timeline.current?.goTo(from));
  };
  useEscape(() => void close());
  const isNone = query.trim() !== "" && found.isDone && found.messages.length === 0;
  const text = isNone
    ? t("chat.find.none")
    : found.messages.length > 0
      ? t(found.hasMore ? "chat.find.placeOfMore" : "chat.find.place", {
          place: found.at + 1,
          count: found.messages.length,
        })
      : "";
  return (
    <search className="z-2 flex shrink-0 items-center gap-1 border-line border-b bg-surface py-1 ps-3 pe-1">
      <input
        ref={box}
        type="search"
        aria-label={t("chat.search")}
        placeholder={t("chat.search")}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          void found.step(event.shiftKey ? -1 : 1);
        }}
        className="min-h-11 min-w-0 flex-1 rounded-xl border border-line-strong bg-sunken px-3"
      />
      <span aria-live="polite" className="shrink-0 px-1 text-muted text-sm tabular-nums">
        {found.failure ? wordsFor(found.failure) : text}
      </span>
      <IconButton
        icon="down"
        iconSize={20}
        className="[&>svg]:rotate-180"
        label={t("chat.find.older")}
        disabled={found.messages.length === 0}
        onClick={() => found.step(1)}
      />
      <IconButton
        icon="down"
        iconSize={20}
        label={t("chat.find.newer")}
        disabled={found.at <= 0}
        onClick={() => found.step(-1)}
      />
      <IconButton icon="close" iconSize={20} label={t("chat.find.close")} onClick={() => void close()} />
    </search>
  );
}

/** Wherever the focus is, the search is left before the chat. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open], [role='menu']")) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, []);
}

interface Found {
  messages: readonly Message[];
  cursor: string | null;
  at: number;
  isDone: boolean;
  failure: Failure | null;
}

const NOTHING: Found = { messages: [], cursor: null, at: 0, isDone: false, failure: null };

function useFound(chatId: ChatId, query: string) {
  const actions = useActions();
  const [found, setFound] = useState<Found>(NOTHING);
  useEffect(() => {
    setFound(NOTHING);
    if (queryWords(query).length === 0) return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      try {
        const page = await actions.searchMessages({ query, chatId });
        if (!isWanted) return;
        setFound({ ...NOTHING, messages: page.items, cursor: page.nextCursor, isDone: true });
        if (page.items[0]) void actions.jumpTo(chatId, page.items[0].seq);
      } catch (error) {
        if (isWanted) setFound({ ...NOTHING, isDone: true, failure: failureOf(error) });
      }
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [actions, chatId, query]);

  /** `1`: to what is older. */
  const step = async (by: 1 | -1) => {
    let { messages, cursor } = found;
    const to = found.at + by;
    if (to < 0) return;
    if (to >= messages.length && cursor !== null) {
      try {
        const page = await actions.searchMessages({ query, chatId }, cursor);
        messages = [...messages, ...page.items];
        cursor = page.nextCursor;
      } catch (error) {
        setFound({ ...found, failure: failureOf(error) });
        return;
      }
    }
    const message = messages[to];
    if (!message) return;
    setFound({ messages, cursor, at: to, isDone: true, failure: null });
    await actions.jumpTo(chatId, message.seq);
  };
  return { ...found, hasMore: found.cursor !== null, step };
}
