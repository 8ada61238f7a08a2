/** What is pinned in the chats that are open: the server's list, kept on disk for without it. */

import type { ChatId, Message } from "../wire";
import { type Change, chatOf } from "./account";
import type { Engine } from "./engine";
import { asOf } from "./expiry";

const PAGE = 100;
/** More than anybody looks through. */
const MOST = 500;

export interface Pins {
  /** Shows what is known, and asks; rejects where nobody answers. */
  load(id: ChatId): Promise<void>;
  connected(): void;
}

export function createPins({ core, disk, rest, world }: Engine): Pins {
  const { store } = core;
  /** What changes while a list is on its way may be newer than it. */
  const loading = new Map<ChatId, { strays: Message[]; done: Promise<void> }>();

  const knownIn = (id: ChatId) => store.getState().pins[id];

  function show(id: ChatId, pins: readonly Message[]) {
    store.setState((state) => ({ pins: { ...state.pins, [id]: pins } }));
  }

  function forget(id: ChatId) {
    store.setState(({ pins: { [id]: _, ...others } }) => ({ pins: others }));
  }

  function load(id: ChatId): Promise<void> {
    const strays: Message[] = [];
    const done = loading.get(id)?.done ?? bring(id, strays).finally(() => loading.delete(id));
    if (!loading.has(id)) loading.set(id, { strays, done });
    return done;
  }

  async function bring(id: ChatId, strays: readonly Message[]): Promise<void> {
    const kept = knownIn(id) ? null : await disk.pins(id);
    const standing = kept?.map((pin) => asOf(pin, world.now()));
    if (standing) show(id, withChanges(standing, strays));
    const listed = withChanges(await all(id), strays);
    if (!core.account().rooms[id]) return;
    show(id, listed);
    void disk.savePins(id, listed);
  }

  async function all(id: ChatId): Promise<Message[]> {
    const found: Message[] = [];
    for (let cursor: string | null | undefined; cursor !== null && found.length < MOST; ) {
      const page = await rest.messages.pins(id, { cursor, limit: PAGE });
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  }

  function take(change: Change) {
    if (change.kind === "message") loading.get(change.message.chatId)?.strays.push(change.message);
    const id = chatOf(change);
    const pins = knownIn(id);
    if (!pins) return;
    if (change.kind === "removed") return forget(id);
    const after =
      change.kind === "message"
        ? withChanges(pins, [change.message])
        : change.kind === "hidden"
          ? pins.filter((pin) => pin.id !== change.messageId)
          : pins;
    if (after.length === pins.length && after.every((pin, at) => pin === pins[at])) return;
    show(id, after);
    void disk.savePins(id, after);
  }

  core.onChange((changes) => changes.forEach(take));

  return {
    load,
    connected() {
      // An answer that does not come leaves what there was.
      for (const id of Object.keys(core.account().timelines)) load(id).catch(() => {});
    },
  };
}

/** The list with these in their newest state, the last pinned first. */
export function withChanges(pins: readonly Message[], changes: readonly Message[]): Message[] {
  const byId = new Map(pins.map((pin) => [pin.id, pin]));
  for (const message of changes) {
    const known = byId.get(message.id);
    if (!known || known.rev <= message.rev) byId.set(message.id, message);
  }
  return [...byId.values()].filter(isPinned).sort(lastPinnedFirst);
}

export function isPinned({ pinnedAt, deletedAt }: Message): boolean {
  return Boolean(pinnedAt) && !deletedAt;
}

/** As the server has them. */
export function lastPinnedFirst(a: Message, b: Message): number {
  return Date.parse(b.pinnedAt ?? "") - Date.parse(a.pinnedAt ?? "") || b.seq - a.seq;
}
