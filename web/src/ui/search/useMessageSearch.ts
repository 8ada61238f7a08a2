import { useEffect, useState } from "react";
import type { Failure } from "../../sync/model";
import { queryWords } from "../../text/highlight";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { failureOf } from "../kit/failure";

const PAUSE_MS = 250;

interface Found {
  items: readonly Message[];
  cursor: string | null;
  isLoading: boolean;
  failure: Failure | null;
}

const NOTHING: Found = { items: [], cursor: null, isLoading: false, failure: null };

/** Asks once the typing pauses; an answer to what is not asked any more is dropped. */
export function useMessageSearch(query: string) {
  const { searchMessages } = useActions();
  const [found, setFound] = useState<Found>(NOTHING);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    if (queryWords(query).length === 0) return setFound(NOTHING);
    let isWanted = true;
    setFound((before) => ({ ...before, isLoading: true, failure: null }));
    const timer = setTimeout(async () => {
      const next = await ask(() => searchMessages({ query: query.trim() }), NOTHING);
      if (isWanted) setFound(next);
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [searchMessages, query, tries]);

  const more = async () => {
    const { cursor } = found;
    if (cursor === null || found.isLoading) return;
    const asked = { ...found, isLoading: true };
    setFound(asked);
    const next = await ask(() => searchMessages({ query: query.trim() }, cursor), found);
    // Another query has begun meanwhile.
    setFound((now) => (now === asked ? next : now));
  };
  return { ...found, hasMore: found.cursor !== null, more, retry: () => setTries((count) => count + 1) };
}

type Page = { items: Message[]; nextCursor: string | null };

async function ask(request: () => Promise<Page>, before: Found): Promise<Found> {
  try {
    const page = await request();
    return {
      items: [...before.items, ...page.items],
      cursor: page.nextCursor,
      isLoading: false,
      failure: null,
    };
  } catch (error) {
    return { ...before, isLoading: false, failure: failureOf(error) };
  }
}
