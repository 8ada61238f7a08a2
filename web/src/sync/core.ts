/** The one place where state changes: applies steps, shows them, and has them kept. */

import type { StoreApi } from "zustand/vanilla";
import type { Disk } from "../disk";
import type { ChatId, User, UserId } from "../wire";
import type { Account, Change, Step } from "./account";
import { createKeeper, type Keeper } from "./keeper";
import type { State, Timeline } from "./model";
import { orderOf } from "./order";
import { arrived, type Entry, find, type Outbox, put, remove } from "./outbox";
import { type Overlay, withOverlays } from "./overlay";

export interface Core {
  readonly store: StoreApi<State>;
  readonly keeper: Keeper;
  readonly me: UserId;
  account(): Account;
  outbox(): Outbox;
  /** Applies it, shows it, has it kept. */
  apply(work: (account: Account) => Step): void;
  /** Changes what is on the screen and nothing that is kept. */
  changeTimeline(id: ChatId, change: (timeline: Timeline) => Timeline): void;
  setTimeline(id: ChatId, timeline: Timeline | null): void;
  /** `isKept`: to be on disk as well. */
  putEntries(entries: readonly Entry[], isKept: boolean): void;
  removeEntry(clientId: string): void;
  setOutbox(outbox: Outbox): void;
  /** Those of this tab that have arrived or were discarded: they don't come back from disk. */
  hasLeft(clientId: string): boolean;
  overlay(chat: ChatId, overlay: Overlay): () => void;
  learn(users: readonly User[]): void;
  /** After each step, with what it changed. */
  onChange(listener: (changes: readonly Change[]) => void): () => void;
}

export function createCore(store: StoreApi<State>, disk: Disk, start: Account, entries: Outbox): Core {
  let account = start;
  let outbox = entries;
  let overlays: Readonly<Record<ChatId, readonly Overlay[]>> = {};
  const left = new Set<string>();
  const listeners = new Set<(changes: readonly Change[]) => void>();
  const keeper = createKeeper(disk, () => account);
  const shownBy = new WeakMap<Timeline, { overlays: readonly Overlay[]; shown: Timeline }>();

  function show() {
    const { rooms, timelines, starred, gone, isComplete } = account;
    store.setState((state) => ({
      chats: rooms,
      order: orderOf(rooms, outbox, state.order),
      timelines: shownTimelines(timelines, state.timelines),
      isListComplete: isComplete,
      outbox,
      starred,
      gone,
    }));
  }

  function shownTimelines(timelines: Account["timelines"], before: State["timelines"]): State["timelines"] {
    const entries = Object.entries(timelines).map(([id, it]) => [id, shown(it, overlays[id])] as const);
    const isSame =
      entries.length === Object.keys(before).length && entries.every(([id, it]) => before[id] === it);
    return isSame ? before : Object.fromEntries(entries);
  }

  function shown(timeline: Timeline, mine: readonly Overlay[] | undefined): Timeline {
    if (!mine || mine.length === 0) return timeline;
    const known = shownBy.get(timeline);
    if (known?.overlays === mine) return known.shown;
    const laid = withOverlays(timeline, mine, account.me);
    shownBy.set(timeline, { overlays: mine, shown: laid });
    return laid;
  }

  /** What has come from the server is not on its way to it any more. */
  function clearArrived(changes: readonly Change[]) {
    const messages = changes.flatMap((change) => (change.kind === "message" ? [change.message] : []));
    const entries = arrived(outbox, account.me, messages, (id) => account.rooms[id]?.seq ?? 0);
    const lost = changes.flatMap((change) =>
      change.kind === "removed" ? (outbox[change.chatId] ?? []) : [],
    );
    for (const entry of [...entries, ...lost]) take(entry);
  }

  function take(entry: Entry) {
    outbox = remove(outbox, entry.chatId, entry.clientId);
    left.add(entry.clientId);
    keeper.leave([entry.clientId]);
  }

  function setTimeline(id: ChatId, timeline: Timeline | null) {
    const { [id]: _, ...others } = account.timelines;
    account = { ...account, timelines: timeline ? { ...others, [id]: timeline } : others };
    show();
  }

  return {
    store,
    keeper,
    me: start.me,
    account: () => account,
    outbox: () => outbox,
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
      if (entry) take(entry);
      show();
    },
    setOutbox(next) {
      if (next === outbox) return;
      outbox = next;
      show();
    },
    hasLeft: (clientId) => left.has(clientId),
    overlay(chat, overlay) {
      overlays = { ...overlays, [chat]: [...(overlays[chat] ?? []), overlay] };
      show();
      return () => {
        overlays = { ...overlays, [chat]: (overlays[chat] ?? []).filter((other) => other !== overlay) };
        show();
      };
    },
    learn(users) {
      const known = store.getState().users;
      const news = users.filter((user) => JSON.stringify(known[user.id]) !== JSON.stringify(user));
      if (news.length === 0) return;
      store.setState({ users: { ...known, ...Object.fromEntries(news.map((user) => [user.id, user])) } });
      disk.saveUsers(news);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
