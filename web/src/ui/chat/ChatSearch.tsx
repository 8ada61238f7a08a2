import { type RefObject, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { ChatId } from "../../wire";
import { useActions } from "../frame/messenger";
import { useCloseRequest } from "../kit/closeRequest";
import { wordsFor } from "../kit/failure";
import { IconButton } from "../kit/IconButton";
import { isComposing } from "../kit/ime";
import type { Goal } from "./goal";
import type { TimelineHandle } from "./Timeline";
import { type Found, useFound } from "./useFound";

interface Props {
  chatId: ChatId;
  query: string;
  onQuery: (query: string) => void;
  onClose: () => void;
  timeline: RefObject<TimelineHandle | null>;
}

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
    const shown = actions.store.getState().timelines[chatId];
    const isThere = from?.kind !== "row" || (shown && from.seq >= shown.from && from.seq <= shown.to);
    if (!isThere) await actions.jumpTo(chatId, from.seq).catch(() => undefined);
    // Once the messages there are on the screen.
    requestAnimationFrame(() => from && timeline.current?.goTo(from));
  };
  useEscape(() => void close());
  useCloseRequest(() => void close());
  const text = resultText(found, query);
  return (
    <search
      data-bar
      className="z-2 flex shrink-0 flex-wrap items-center justify-end gap-1 border-line border-b bg-surface py-1 ps-3 pe-1"
    >
      <input
        ref={box}
        type="search"
        aria-label={t("chat.search")}
        placeholder={t("chat.search")}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || isComposing(event)) return;
          event.preventDefault();
          void found.step(event.shiftKey ? -1 : 1);
        }}
        className="min-h-11 min-w-0 flex-[1_1_6rem] rounded-xl border border-line-strong bg-sunken px-3"
      />
      <span aria-live="polite" className="min-w-0 px-1 text-muted wrap-anywhere text-sm tabular-nums">
        {text}
      </span>
      <IconButton
        icon="down"
        iconSize={20}
        className="[&>svg]:rotate-180"
        label={t("chat.find.older")}
        disabled={found.messages.length === 0}
        onClick={() => void found.step(1)}
      />
      <IconButton
        icon="down"
        iconSize={20}
        label={t("chat.find.newer")}
        disabled={found.place <= 0}
        onClick={() => void found.step(-1)}
      />
      <IconButton icon="close" iconSize={20} label={t("chat.find.close")} onClick={() => void close()} />
    </search>
  );
}

function resultText({ messages, place, hasMore, isLocal, isDone, failure }: Found, query: string): string {
  const count = messages.length;
  if (count > 0) {
    const text = t(hasMore ? "chat.find.placeOfMore" : "chat.find.place", { place: place + 1, count });
    return isLocal ? t("chat.find.onDevice", { text }) : text;
  }
  if (query.trim() === "" || !isDone) return "";
  if (failure && failure.code !== "offline") return wordsFor(failure);
  return t(isLocal ? "chat.find.noneOnDevice" : "chat.find.none");
}

/** Wherever the focus is, the search is left before the chat. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key !== "Escape" ||
        event.isComposing ||
        document.querySelector("dialog[open], [role='menu']")
      )
        return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, []);
}
