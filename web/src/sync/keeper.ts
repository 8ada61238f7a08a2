/** Brings to disk what changes, in order and a little at a time; memory is always ahead of it. */

import type { Disk, Saving } from "../disk";
import type { ChatId } from "../wire";
import type { Account, Change } from "./account";
import type { Entry } from "./outbox";

export interface Keeper {
  note(before: Account, after: Account, changes: readonly Change[]): void;
  keep(entries: readonly Entry[]): void;
  leave(clientIds: readonly string[]): void;
  /** When all that was noted until now is on disk, or the disk is given up. */
  flush(): Promise<void>;
}

export function createKeeper(disk: Disk, current: () => Account): Keeper {
  let rooms = new Set<ChatId>();
  let changes: Change[] = [];
  let entries = new Map<string, Entry>();
  let left = new Set<string>();
  let isAccountStale = false;
  let running: Promise<void> | null = null;

  function hasWork(): boolean {
    return rooms.size + changes.length + entries.size + left.size > 0 || isAccountStale;
  }

  function take(): Saving {
    const account = current();
    const touched = new Set(rooms);
    for (const change of changes) {
      touched.add(change.kind === "message" ? change.message.chatId : change.chatId);
    }
    const ids = [...touched];
    const saving: Saving = {
      rooms: [...rooms].flatMap((id) => account.rooms[id] ?? []),
      changes,
      revs: Object.fromEntries(ids.map((id) => [id, account.rooms[id]?.rev ?? 0])),
      userRev: account.userRev,
      account: isAccountStale ? accountRow(account) : null,
      entries: [...entries.values()].filter((entry) => !left.has(entry.clientId)),
      left: [...left],
    };
    [rooms, changes, entries, left] = [new Set(), [], new Map(), new Set()];
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
    leave(clientIds) {
      for (const id of clientIds) {
        entries.delete(id);
        left.add(id);
      }
      flush();
    },
    flush,
  };
}

function isAccountChanged(before: Account, after: Account): boolean {
  const keys = ["userRev", "receiptsCursor", "isComplete", "starred", "hidden"] as const;
  return keys.some((key) => before[key] !== after[key]);
}

function accountRow({ userRev, receiptsCursor, isComplete, starred, hidden }: Account): Saving["account"] {
  return { userRev, receiptsCursor, isComplete, starred: [...starred], hidden: [...hidden] };
}
