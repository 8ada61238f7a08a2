import { useEffect, useMemo, useRef, useState } from "react";
import type { Found, SearchWish } from "../../sync/messenger";
import type { Failure } from "../../sync/model";
import { queryWords } from "../../text/highlight";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { useWhenOnline } from "../frame/useWhenOnline";
import { failureOf } from "../kit/failure";
import { merged, type Pages } from "./merged";

const PAUSE_MS = 250;
const PAGE = 20;

export interface MessageSearch {
  items: readonly Message[];
  /** Only what is on this device: the server has not answered, or can't. */
  isLocal: boolean;
  hasMore: boolean;
  isLoading: boolean;
  /** Why the server could not be asked. */
  failure: Failure | null;
  more: () => Promise<void>;
  retry: () => void;
}

interface Answers {
  device: Found;
  server: Pages | null;
  isLoading: boolean;
  failure: Failure | null;
}

const NOTHING: Answers = {
  device: { items: [], hasMore: false },
  server: null,
  isLoading: false,
  failure: null,
};

/**
 * Looks on this device at once, and asks the server when the typing pauses. An answer to what is
 * not asked any more is dropped. `wish` is another object only where something else is meant.
 */
export function useMessageSearch(wish: SearchWish): MessageSearch {
  const { searchMessages, searchDevice } = useActions();
  const [answers, setAnswers] = useState<Answers>(NOTHING);
  const [tries, setTries] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    if (queryWords(wish.query).length === 0) return setAnswers(NOTHING);
    let isWanted = true;
    let isFirst = true;
    const show = (part: Partial<Answers>) => isWanted && setAnswers((before) => ({ ...before, ...part }));
    // What was found before stays until there is an answer from either side.
    const answer = (part: Partial<Answers>) => {
      show(isFirst ? { device: NOTHING.device, server: null, ...part } : part);
      isFirst = false;
    };
    show({ isLoading: true, failure: null });
    const showHere = (device: Found) => answer({ device });
    void searchDevice(wish, PAGE, showHere).then(showHere);
    const timer = setTimeout(async () => {
      try {
        const { items, nextCursor } = await searchMessages(wish);
        answer({ server: { items, cursor: nextCursor }, isLoading: false });
      } catch (error) {
        answer({ failure: failureOf(error), isLoading: false });
      }
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [searchMessages, searchDevice, wish, tries]);

  const retry = () => setTries((count) => count + 1);
  // What came meanwhile is on this device by then.
  useWhenOnline(retry);

  const latest = useRef({ wish, tries });
  latest.current = { wish, tries };
  const more = async () => {
    const { server, device } = answers;
    const isWanted = () => latest.current.wish === wish && latest.current.tries === tries;
    setAnswers((now) => ({ ...now, isLoading: true }));
    let next: Partial<Answers>;
    try {
      if (server) {
        const page = await searchMessages(wish, server.cursor ?? undefined);
        next = { server: { items: [...server.items, ...page.items], cursor: page.nextCursor } };
      } else next = { device: await searchDevice(wish, device.items.length + PAGE) };
    } catch (error) {
      next = { failure: failureOf(error) };
    }
    // Else another query has begun meanwhile.
    if (isWanted()) setAnswers((now) => ({ ...now, ...next, isLoading: false }));
  };

  const items = useMemo(() => merged(answers.device.items, answers.server), [answers.device, answers.server]);
  return {
    items,
    isLocal: answers.server === null,
    hasMore: answers.server ? answers.server.cursor !== null : answers.device.hasMore,
    isLoading: answers.isLoading,
    failure: answers.failure,
    more,
    retry,
  };
}
