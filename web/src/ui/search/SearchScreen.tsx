import { useEffect, useMemo, useRef, useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import type { SearchWish } from "../../sync/messenger";
import { fold, queryWords } from "../../text/highlight";
import { chatName } from "../../text/names";
import { useActions, useMessenger } from "../frame/messenger";
import { EmptyState } from "../kit/EmptyState";
import { IconButton } from "../kit/IconButton";
import { useArrows } from "../kit/useArrows";
import { usePeopleSearch } from "../people/usePeopleSearch";
import { useTalk } from "../people/useTalk";
import { EVERYTHING, Filters, type Narrowing } from "./Filters";
import { ChatHit, PersonHit } from "./Hits";
import { MessageHits } from "./MessageHits";
import { Section } from "./Section";
import { useMessageSearch } from "./useMessageSearch";

/** One box for chats, people and messages. */
export function SearchScreen({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState(() => new URLSearchParams(location.search).get("q") ?? "");
  const results = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const { prepareSearch } = useActions();
  useEffect(() => {
    box.current?.focus();
    prepareSearch();
  }, [prepareSearch]);
  const onArrow = useArrows(results);
  const words = queryWords(query);
  const isAsked = words.length > 0;
  const [narrowing, setNarrowing] = useState(EVERYTHING);
  const isNarrow = narrowing !== EVERYTHING;
  const chats = useChats(query, isAsked && !isNarrow);
  const people = usePeopleSearch(isNarrow ? "" : query);
  const messages = useMessageSearch(useWish(query, narrowing));
  const talk = useTalk();
  const isSearching = people.isSearching || messages.isLoading;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys lead from the box into the list
    <div role="presentation" className="flex min-h-0 flex-1 flex-col" onKeyDown={onArrow}>
      <h1 className="sr-only">{t("search.label")}</h1>
      <search className="flex h-16 shrink-0 items-center gap-1 pe-3 ps-1">
        <IconButton icon="back" label={t("kit.back")} onClick={onClose} />
        <input
          type="search"
          ref={box}
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          value={query}
          maxLength={200}
          dir="auto"
          onChange={(event) => setQuery(event.target.value)}
          className="min-h-11 min-w-0 flex-1 rounded-full border border-line-strong bg-sunken px-4"
        />
      </search>
      {(isAsked || isNarrow) && (
        <Filters narrowing={narrowing} onChange={(next) => setNarrowing(isAll(next) ? EVERYTHING : next)} />
      )}
      <div
        ref={results}
        aria-busy={isSearching}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pb-4"
      >
        {!isAsked && <EmptyState icon="search" title={t("search.start")} text={t("search.startText")} />}
        <Section title={t("search.chats")} query={query}>
          {chats.map((id) => (
            <ChatHit key={id} id={id} words={words} />
          ))}
        </Section>
        {isAsked && people.people && (
          <Section title={t("search.people")} query={query} onMore={people.more}>
            {people.people.map((user) => (
              <PersonHit key={user.id} user={user} words={words} onChoose={talk.talkTo} />
            ))}
          </Section>
        )}
        {isAsked && (
          <MessageHits
            search={messages}
            words={words}
            hasOthers={chats.length + (people.people?.length ?? 0) > 0}
            isSearching={people.isSearching}
          />
        )}
      </div>
      {talk.popup}
      <p aria-live="polite" className="sr-only">
        {isAsked && !isSearching && t("search.count", { count: messages.items.length })}
      </p>
    </div>
  );
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Another object only where something else is meant. */
function useWish(query: string, { sender, chatId, days }: Narrowing): SearchWish {
  const text = query.trimStart();
  const senderId = sender?.id;
  return useMemo(
    () => ({
      query: text,
      ...(senderId && { senderId }),
      ...(chatId && { chatId }),
      ...(days && { from: new Date(Date.now() - days * DAY_MS).toISOString() }),
    }),
    [text, senderId, chatId, days],
  );
}

function isAll({ sender, chatId, days }: Narrowing): boolean {
  return sender === null && chatId === null && days === null;
}

/** By name, from what is here: that needs no server. */
function useChats(query: string, isAsked: boolean) {
  const wanted = fold(query.trim());
  return useMessenger(
    useShallow((state) => {
      if (!isAsked) return [];
      return state.order.filter((id) => {
        const chat = state.chats[id]?.chat;
        return chat !== undefined && fold(chatName(chat, state.users)).includes(wanted);
      });
    }),
  );
}
