import { useEffect, useRef, useState } from "react";
import type { Failure } from "../../sync/model";
import type { User } from "../../wire";
import { useActions } from "../frame/messenger";
import { failureOf } from "../kit/failure";

const PAUSE_MS = 250;

export interface PeopleSearch {
  /** Null until the first answer to any query. */
  people: User[] | null;
  failure: Failure | null;
  isSearching: boolean;
  retry: () => void;
  /** Null where there are no others. */
  more: (() => Promise<void>) | null;
}

/** Asks once the typing pauses; an answer to what is not asked any more is dropped. */
export function usePeopleSearch(text: string): PeopleSearch {
  const actions = useActions();
  const query = text.trim();
  const [people, setPeople] = useState<User[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSearching, setSearching] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [cursor, setCursor] = useState<string | null>(null);
  const asked = useRef(query);
  asked.current = query;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks the same again
  useEffect(() => {
    setFailure(null);
    setSearching(query !== "");
    setCursor(null);
    if (query === "") return setPeople(null);
    let isStale = false;
    const timer = setTimeout(async () => {
      try {
        const page = await actions.searchPeople(query);
        if (isStale) return;
        setPeople(page.items);
        setCursor(page.nextCursor);
      } catch (error) {
        if (!isStale) setFailure(failureOf(error));
      } finally {
        if (!isStale) setSearching(false);
      }
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [actions, query, attempt]);

  const more = async () => {
    if (cursor === null) return;
    // Not twice.
    setCursor(null);
    try {
      const page = await actions.searchPeople(query, cursor);
      if (asked.current !== query) return;
      setPeople((before) => [...(before ?? []), ...page.items]);
      setCursor(page.nextCursor);
    } catch (error) {
      if (asked.current !== query) return;
      setCursor(cursor);
      setFailure(failureOf(error));
    }
  };

  const retry = () => setAttempt((n) => n + 1);
  return { people, failure, isSearching, retry, more: cursor === null ? null : more };
}
