/** What screens see: what the server last said, with all laid over it that is on its way there. */

import type { ChatId, UserId } from "../wire";
import type { Account } from "./account";
import type { State } from "./model";
import { orderOf } from "./order";
import { type Outbox, standing } from "./outbox";
import { chatWith, starredWith, withWishes } from "./overlay";
import { isFulfilled, type Known, type Wished, type Wishes } from "./wishes";

export type Screen = Pick<
  State,
  "chats" | "order" | "timelines" | "isListComplete" | "outbox" | "changes" | "starred" | "gone"
>;

const NOTHING: readonly Wished[] = [];

export const BLANK: Screen = {
  chats: {},
  order: [],
  timelines: {},
  isListComplete: false,
  outbox: {},
  changes: {},
  starred: new Set(),
  gone: {},
};

/** What comes out as it was before is the same object, so that nobody looks at it again. */
export function createScreen(me: UserId) {
  const laidBefore = new WeakMap<object, { by: readonly unknown[]; laid: object }>();

  function once<T extends object>(base: T, by: readonly unknown[], lay: () => T): T {
    const known = laidBefore.get(base);
    if (known?.by.every((it, at) => it === by[at])) return known.laid as T;
    const laid = lay();
    laidBefore.set(base, { by, laid });
    return laid;
  }

  return (
    account: Account,
    outbox: Outbox,
    wishes: Wishes,
    before: Omit<Screen, "isListComplete" | "gone">,
  ): Screen => {
    const pending = once(outbox, [], () => standing(outbox));
    const changes = changesOf(account, wishes, before.changes);
    const wishedIn = (id: ChatId) => changes[id] ?? NOTHING;
    const timelines = mapped(account.timelines, before.timelines, (it, id) => {
      const mine = wishedIn(id);
      return mine.length === 0 ? it : once(it, [mine], () => withWishes(it, mine, me));
    });
    const chats = mapped(account.rooms, before.chats, (room, id) => {
      const mine = wishedIn(id);
      if (mine.length === 0) return room;
      return once(room, [mine, timelines[id]], () => chatWith(room, mine, me, timelines[id]));
    });
    const all = Object.values(changes).flat();
    const starred = once(account.starred, [changes], () => starredWith(account.starred, all));
    return {
      chats,
      order: orderOf(chats, pending, before.order),
      timelines,
      isListComplete: account.isComplete,
      outbox: pending,
      changes,
      starred: all.length === 0 ? account.starred : starred,
      gone: account.gone,
    };
  };
}

/** What is undone before it was done is nothing to wait for. */
function changesOf(account: Account, wishes: Wishes, before: State["changes"]): State["changes"] {
  const lists = Object.entries(wishes).map(([id, list]) => {
    const open = list.filter((it) => it.state === "failed" || !isFulfilled(it.wish, knownOf(account, it)));
    const known = before[id] ?? NOTHING;
    const isSame = known.length === open.length && open.every((it, at) => it === known[at]);
    return [id, isSame ? known : open] as const;
  });
  const full = Object.fromEntries(lists.filter(([, list]) => list.length > 0));
  return mapped(full, before, (list) => list);
}

/** What memory knows of that which a wish is about. */
export function knownOf(account: Account, { chatId, messageId }: Wished): Known {
  const loaded = account.timelines[chatId]?.messages.find((message) => message.id === messageId);
  return {
    message: loaded ?? null,
    me: account.rooms[chatId]?.chat.me ?? null,
    isStarred: messageId !== null && account.starred.has(messageId),
    isHidden: messageId !== null && account.hidden.has(messageId),
  };
}

/** The record of before where it holds the same. */
function mapped<T, U>(
  from: Readonly<Record<string, T>>,
  before: Readonly<Record<string, U>>,
  change: (value: T, id: string) => U,
): Readonly<Record<string, U>> {
  const entries = Object.entries(from).map(([id, value]) => [id, change(value, id)] as const);
  const isSame =
    entries.length === Object.keys(before).length && entries.every(([id, value]) => before[id] === value);
  return isSame ? before : Object.fromEntries(entries);
}
