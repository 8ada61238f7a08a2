/** Brings to disk what changes, in order and a little at a time; memory is always ahead of it. */

import type { Disk, Left, Saving } from "../disk";
import type { ChatId } from "../wire";
import { type Account, type Change, chatOf } from "./account";
import type { Entry } from "./outbox";
import type { Wished } from "./wishes";

export interface Keeper {
  note(before: Account, after: Account, changes: readonly Change[]): void;
  keep(entries: readonly Entry[]): void;
  leave(entries: readonly Left[]): void;
  keepWishes(wishes: readonly Wished[]): void;
  leaveWishes(keys: readonly string[]): void;
  /** When all that was noted until now is on disk, or the disk is given up. */
  flush(): Promise<void>;
}

export function createKeeper(disk: Disk, current: () => Account): Keeper {
  let rooms = new Set<ChatId>();
  let changes: Change[] = [];
  let entries = new Map<string, Entry>();
  let left = new Map<string, Left>();
  let wishes = new Map<string, Wished>();
  let leftWishes = new Set<string>();
  let isAccountStale = false;
  let running: Promise<void> | null = null;

  function hasWork(): boolean {
    const pending = entries.size + left.size + wishes.size + leftWishes.size;
    return rooms.size + changes.length + pending > 0 || isAccountStale;
  }

  function take(): Saving {
    const account = current();
    const touched = new Set(rooms);
    for (const change of changes) {
      touched.add(chatOf(change));
    }
    const ids = [...touched];
    const saving: Saving = {
      rooms: [...rooms].flatMap((id) => account.rooms[id] ?? []),
      changes,
      revs: Object.fromEntries(ids.map((id) => [id, account.rooms[id]?.rev ?? 0])),
      userRev: account.userRev,
      account: isAccountStale ? accountRow(account) : null,
      entries: [...entries.values()].filter((entry) => !left.has(entry.clientId)),
      left: [...left.values()],
      wishes: [...wishes.values()],
      leftWishes: [...leftWishes],
    };
    [rooms, changes] = [new Set(), []];
    [entries, left] = [new Map(), new Map()];
    [wishes, leftWishes] = [new Map(), new Set()];
    isAccountStale = false;
    return saving;
  }

  async function run(): Promise<void> {
    // What one event brings is noted in pieces: let it become one transaction.
    await Promise.resolve();
    while (hasWork()) await disk.save(take());
    running = null;
  }

  function flush(): Promise<void> {
    if (!running && hasWork()) running = run();
    return running ?? Promise.resolve();
  }

  return {
    note(before, after, news) {
      if (disk.isOff()) return;
      changes.push(...news);
      if (before.rooms !== after.rooms) {
        for (const [id, room] of Object.entries(after.rooms)) if (before.rooms[id] !== room) rooms.add(id);
      }
      isAccountStale ||= after.isComplete && isAccountChanged(before, after);
      flush();
    },
    keep(news) {
      for (const entry of news) entries.set(entry.clientId, { ...entry, isKept: true });
      flush();
    },
    leave(gone) {
      for (const { clientId, edition, isWithdrawn } of gone) {
        entries.delete(clientId);
        left.set(clientId, { clientId, edition, isWithdrawn });
      }
      flush();
    },
    keepWishes(news) {
      for (const wished of news) wishes.set(wished.key, { ...wished, isKept: true });
      flush();
    },
    leaveWishes(keys) {
      for (const key of keys) {
        wishes.delete(key);
        leftWishes.add(key);
      }
      flush();
    },
    flush,
  };
}

const KEPT = [
  "userRev",
  "receiptsCursor",
  "isComplete",
  "starred",
  "hidden",
  "contacts",
  "blocked",
  "settings",
] as const;

function isAccountChanged(before: Account, after: Account): boolean {
  return KEPT.some((key) => before[key] !== after[key]);
}

function accountRow(account: Account): Saving["account"] {
  const { userRev, receiptsCursor, isComplete, contacts, settings } = account;
  const [starred, hidden, blocked] = [[...account.starred], [...account.hidden], [...account.blocked]];
  return { userRev, receiptsCursor, isComplete, starred, hidden, blocked, contacts, settings };
}
