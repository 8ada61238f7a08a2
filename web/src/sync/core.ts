/** The one place where state changes: applies steps, shows them, and has them kept. */

import type { StoreApi } from "zustand/vanilla";
import type { Disk } from "../disk";
import type { ChatId, MessageId, User, UserId } from "../wire";
import type { Account, Change, Step } from "./account";
import { createKeeper, type Keeper } from "./keeper";
import { withLost } from "./lost";
import type { HalfEdit, State, Timeline } from "./model";
import { type Arrival, arrived, type Entry, find, type Outbox, put, remove } from "./outbox";
import { personOf } from "./people";
import { createScreen } from "./screen";
import * as wishing from "./wishes";

export interface Core {
  readonly store: StoreApi<State>;
  readonly keeper: Keeper;
  readonly me: UserId;
  account(): Account;
  outbox(): Outbox;
  wishes(): wishing.Wishes;
  /** Applies it, shows it, has it kept. */
  apply(work: (account: Account) => Step): void;
  /** Changes what is on the screen and nothing that is kept. */
  changeTimeline(id: ChatId, change: (timeline: Timeline) => Timeline): void;
  setTimeline(id: ChatId, timeline: Timeline | null): void;
  /** `isKept`: to be on disk as well. */
  putEntries(entries: readonly Entry[], isKept: boolean): void;
  removeEntry(clientId: string): void;
  /** As they are on disk: perhaps changed by a tab that did not know yet that they have arrived. */
  settleLeft(entries: readonly Entry[]): void;
  setOutbox(outbox: Outbox): void;
  /** Those that they make pointless go. */
  putWishes(wished: readonly wishing.Wished[], isKept: boolean): void;
  removeWishes(keys: readonly string[]): void;
  setWishes(wishes: wishing.Wishes): void;
  /** Messages and wishes of this tab that have arrived or were discarded: they don't come back from disk. */
  hasLeft(id: string): boolean;
  /** What a message that has arrived is on the server. */
  leftAs(clientId: string): MessageId | null;
  learn(users: readonly User[]): void;
  /** Of no part of the account, and nowhere kept. */
  setEdit(id: ChatId, edit: HalfEdit | null): void;
  /** After each step, with what it changed. */
  onChange(listener: (changes: readonly Change[]) => void): () => void;
  /** When a message that arrived has left something to be done. */
  onLateWish(listener: () => void): void;
}

export interface Start {
  account: Account;
  outbox: Outbox;
  wishes: wishing.Wishes;
}

export function createCore(store: StoreApi<State>, disk: Disk, start: Start, now: () => number): Core {
  let { account, outbox, wishes } = start;
  /** With the id of its message, for what has arrived. */
  const left = new Map<string, MessageId | null>();
  let lost: State["lost"] = {};
  const listeners = new Set<(changes: readonly Change[]) => void>();
  let tellLateWish = () => {};
  const keeper = createKeeper(disk, () => account);
  const screen = createScreen(account.me);

  function show() {
    const { contacts, blocked, settings } = account;
    store.setState((state) => ({
      ...screen(account, outbox, wishes, state),
      settings,
      lost,
      ...(state.contacts !== contacts || state.blocked !== blocked ? withBonds(state) : null),
    }));
  }

  function withBonds(state: State): Partial<State> {
    const { contacts, blocked } = account;
    const ids = Object.keys({ ...state.contacts, ...contacts });
    const known = [...new Set([...ids, ...state.blocked, ...blocked])].flatMap((id) => state.users[id] ?? []);
    const users = known.map((user) => [user.id, personOf(user, account)]);
    return { contacts, blocked, users: { ...state.users, ...Object.fromEntries(users) } };
  }

  /** What has come from the server is not on its way to it any more. */
  function clearArrived(changes: readonly Change[]) {
    const messages = changes.flatMap((change) => (change.kind === "message" ? [change.message] : []));
    const arrivals = arrived(outbox, account.me, messages, (id) => account.rooms[id]?.seq ?? 0);
    for (const arrival of arrivals) {
      take(arrival.entry, arrival.message?.id ?? arrival.entry.id);
      finish(arrival);
    }
    for (const change of changes) if (change.kind === "removed") lose(change.chatId);
  }

  function take(entry: Entry, id: MessageId | null) {
    outbox = remove(outbox, entry.chatId, entry.clientId);
    left.set(entry.clientId, id);
    keeper.leave([entry]);
  }

  /** What came too late for the message itself is a change to it. */
  function finish(arrival: Arrival) {
    const late = wishing.leftBy(arrival, wishes, now());
    if (!late || left.has(late.key)) return;
    putWish(late);
    // On disk in one step with the end of its message.
    keeper.keepWishes([late]);
    tellLateWish();
  }

  function putWish(wished: wishing.Wished) {
    const before = wishes;
    wishes = wishing.put(wishes, wished);
    leaveWishes(wishing.lost(before, wishes).map((lost) => lost.key));
  }

  function leaveWishes(keys: readonly string[]) {
    for (const key of keys) left.set(key, null);
    if (keys.length > 0) keeper.leaveWishes(keys);
  }

  /** With the chat goes what was to be done in it; changes to what was said there have failed. */
  function lose(chatId: ChatId) {
    lost = withLost(lost, store.getState(), chatId);
    for (const entry of outbox[chatId] ?? []) take(entry, null);
    leaveWishes((wishes[chatId] ?? []).map((wished) => wished.key));
    wishes = wishing.lose(wishes, chatId);
  }

  function setTimeline(id: ChatId, timeline: Timeline | null) {
    const { [id]: _, ...others } = account.timelines;
    account = { ...account, timelines: timeline ? { ...others, [id]: timeline } : others };
    show();
  }

  return {
    store,
    keeper,
    me: account.me,
    account: () => account,
    outbox: () => outbox,
    wishes: () => wishes,
    apply(work) {
      const before = account;
      const { account: after, changes } = work(before);
      account = after;
      clearArrived(changes);
      keeper.note(before, after, changes);
      show();
      for (const listener of listeners) listener(changes);
    },
    changeTimeline(id, change) {
      const before = account.timelines[id];
      const after = before && change(before);
      if (after && after !== before) setTimeline(id, after);
    },
    setTimeline,
    putEntries(entries, isKept) {
      for (const entry of entries) outbox = put(outbox, entry);
      if (isKept) keeper.keep(entries);
      show();
    },
    removeEntry(clientId) {
      const entry = find(outbox, clientId);
      // Whatever another tab has made of it since.
      if (entry) take({ ...entry, edition: Number.POSITIVE_INFINITY, isWithdrawn: true }, null);
      show();
    },
    settleLeft(entries) {
      for (const entry of entries) {
        const id = left.get(entry.clientId) ?? null;
        if (id === null) continue;
        finish({ entry: { ...entry, id }, message: null });
        keeper.leave([entry]);
      }
      show();
    },
    setOutbox(next) {
      if (next === outbox) return;
      outbox = next;
      show();
    },
    putWishes(wished, isKept) {
      for (const one of wished) putWish(one);
      if (isKept) keeper.keepWishes(wished.flatMap(({ key }) => wishing.find(wishes, key) ?? []));
      show();
    },
    removeWishes(keys) {
      wishes = wishing.remove(wishes, new Set(keys));
      leaveWishes(keys);
      show();
    },
    setWishes(next) {
      if (next === wishes) return;
      wishes = next;
      show();
    },
    hasLeft: (id) => left.has(id),
    leftAs: (clientId) => left.get(clientId) ?? null,
    learn(users) {
      const known = store.getState().users;
      const people = users.map((user) => personOf(user, account));
      const news = people.filter((user) => JSON.stringify(known[user.id]) !== JSON.stringify(user));
      if (news.length === 0) return;
      store.setState({ users: { ...known, ...Object.fromEntries(news.map((user) => [user.id, user])) } });
      disk.saveUsers(news);
    },
    setEdit(id, edit) {
      const { [id]: before, ...others } = store.getState().edits;
      if (edit || before) store.setState({ edits: edit ? { ...others, [id]: edit } : others });
    },
    onLateWish(listener) {
      tellLateWish = listener;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
