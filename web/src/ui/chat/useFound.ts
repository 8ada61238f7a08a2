import { useEffect, useState } from "react";
import type { Failure } from "../../sync/model";
import { queryWords } from "../../text/highlight";
import type { ChatId, Message, MessageId } from "../../wire";
import { useActions } from "../frame/messenger";
import { failureOf } from "../kit/failure";
import { orWarn } from "../kit/orWarn";
import { merged, type Pages } from "../search/merged";

const PAUSE_MS = 250;
/** So that the chat does not jump at each key. */
const SHORT_PAUSE_MS = 100;
/** All of one chat that is on the device. */
const MOST_HERE = 2_000;

interface State {
  device: readonly Message[];
  /** Null until it has answered. */
  server: Pages | null;
  /** Where one is. */
  at: MessageId | null;
  isDone: boolean;
  failure: Failure | null;
}

export interface Found {
  messages: readonly Message[];
  /** Which of them one is at. */
  place: number;
  hasMore: boolean;
  /** Only what is on this device: the server can't be asked. */
  isLocal: boolean;
  isDone: boolean;
  failure: Failure | null;
  /** `1`: to what is older. */
  step: (by: 1 | -1) => Promise<void>;
}

const NOTHING: State = { device: [], server: null, at: null, isDone: false, failure: null };

/** Finds words in a chat, on this device at once and on the server after it, and goes to the newest. */
export function useFound(chatId: ChatId, query: string): Found {
  const actions = useActions();
  const [state, setState] = useState<State>(NOTHING);
  const messages = merged(state.device, state.server);
  const place = Math.max(
    0,
    messages.findIndex((message) => message.id === state.at),
  );

  useEffect(() => {
    setState(NOTHING);
    if (queryWords(query).length === 0) return;
    let isWanted = true;
    let at: MessageId | null = null;
    const show = (part: Partial<State>, first: Message | undefined) => {
      if (!isWanted) return;
      if (at === null && first) {
        at = first.id;
        orWarn(actions.jumpTo(chatId, first.seq));
      }
      setState((before) => ({ ...before, ...part, at: before.at ?? at }));
    };
    const lookHere = setTimeout(async () => {
      const { items } = await actions.searchDevice({ query, chatId }, MOST_HERE);
      show({ device: items }, items[0]);
    }, SHORT_PAUSE_MS);
    const askServer = setTimeout(async () => {
      try {
        const { items, nextCursor } = await actions.searchMessages({ query, chatId });
        show({ server: { items, cursor: nextCursor }, isDone: true }, items[0]);
      } catch (error) {
        show({ isDone: true, failure: failureOf(error) }, undefined);
      }
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(lookHere);
      clearTimeout(askServer);
    };
  }, [actions, chatId, query]);

  const step = async (by: 1 | -1) => {
    let { server, failure } = state;
    const to = place + by;
    if (server?.cursor && to >= messages.length) {
      try {
        const page = await actions.searchMessages({ query, chatId }, server.cursor);
        server = { items: [...server.items, ...page.items], cursor: page.nextCursor };
      } catch (error) {
        // What is on this device goes on alone.
        [server, failure] = [null, failureOf(error)];
      }
    }
    const all = merged(state.device, server);
    const here = all.findIndex((message) => message.id === messages[place]?.id);
    const next = all[here + by];
    setState({ ...state, server, failure, at: next?.id ?? state.at });
    if (next) orWarn(actions.jumpTo(chatId, next.seq));
  };
  const { server, isDone, failure } = state;
  return {
    messages,
    place,
    hasMore: server?.cursor != null,
    isLocal: isDone && server === null,
    isDone,
    failure,
    step,
  };
}
