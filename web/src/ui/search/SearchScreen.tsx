import { useEffect, useRef, useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import { fold, queryWords } from "../../text/highlight";
import { chatName } from "../../text/names";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { IconButton } from "../kit/IconButton";
import { SkeletonRows } from "../kit/Skeleton";
import { usePeopleSearch } from "../people/usePeopleSearch";
import { useTalk } from "../people/useTalk";
import { ChatHit, PersonHit } from "./Hits";
import { MessageHit } from "./MessageHit";
import { useArrows } from "./useArrows";
import { useMessageSearch } from "./useMessageSearch";

const MOST_CHATS = 5;
const MOST_PEOPLE = 5;

/** One box for chats, people and messages. */
export function SearchScreen({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState(() => new URLSearchParams(location.search).get("q") ?? "");
  const results = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  const onArrow = useArrows(results);
  const words = queryWords(query);
  const isAsked = words.length > 0;
  const chats = useChats(query, isAsked);
  const people = usePeopleSearch(query);
  const messages = useMessageSearch(query);
  const talk = useTalk();
  const isSearching = people.isSearching || messages.isLoading;
  const isNothing =
    isAsked && !isSearching && chats.length + (people.people?.length ?? 0) + messages.items.length === 0;

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
      <div ref={results} aria-busy={isSearching} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {!isAsked && <EmptyState icon="search" title={t("search.start")} text={t("search.startText")} />}
        {chats.length > 0 && (
          <Section title={t("search.chats")}>
            {chats.map((id) => (
              <ChatHit key={id} id={id} words={words} />
            ))}
          </Section>
        )}
        {isAsked && people.people && people.people.length > 0 && (
          <Section title={t("search.people")}>
            {people.people.slice(0, MOST_PEOPLE).map((user) => (
              <PersonHit key={user.id} user={user} words={words} onChoose={talk.talkTo} />
            ))}
          </Section>
        )}
        {messages.items.length > 0 && (
          <Section title={t("search.messages")}>
            {messages.items.map((message) => (
              <MessageHit key={message.id} message={message} words={words} />
            ))}
          </Section>
        )}
        {isAsked && messages.isLoading && <SkeletonRows rows={4} />}
        {messages.failure && <ErrorState failure={messages.failure} onRetry={messages.retry} />}
        {messages.hasMore && !messages.isLoading && (
          <Button look="plain" className="w-full" onClick={messages.more}>
            {t("search.more")}
          </Button>
        )}
        {isNothing && !messages.failure && (
          <EmptyState icon="search" title={t("search.nothing")} text={t("search.nothingText")} />
        )}
      </div>
      {talk.popup}
      <p aria-live="polite" className="sr-only">
        {isAsked && !isSearching && t("search.count", { count: messages.items.length })}
      </p>
    </div>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="pt-3">
      <h2 className="px-2 pb-1 font-semibold text-muted text-sm">{title}</h2>
      <ul aria-label={title}>{children}</ul>
    </section>
  );
}

/** By name, from what is here: that needs no server. */
function useChats(query: string, isAsked: boolean) {
  const wanted = fold(query.trim());
  return useMessenger(
    useShallow((state) => {
      if (!isAsked) return [];
      const fitting = state.order.filter((id) => {
        const chat = state.chats[id]?.chat;
        return chat !== undefined && fold(chatName(chat, state.users)).includes(wanted);
      });
      return fitting.slice(0, MOST_CHATS);
    }),
  );
}
