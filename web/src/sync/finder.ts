/** Search on this device: the texts of cached messages, in memory while somebody searches. */

import type { Text } from "../disk";
import { finder, fold } from "../text/highlight";
import type { ChatId, Message, Timestamp, UserId } from "../wire";
import { type Change, chatOf } from "./account";
import type { Engine } from "./engine";

export interface SearchWish {
  query: string;
  chatId?: ChatId;
  senderId?: UserId;
  /** Not older than this. */
  from?: Timestamp;
}

export interface Found {
  items: Message[];
  hasMore: boolean;
}

export interface Finder {
  /** Makes ready for what is about to be asked. */
  prepare(): void;
  /** At most `limit`, the newest first. `onPart` hears on the way what is found so far, where it takes a while. */
  find(wish: SearchWish, limit: number, onPart?: (found: Found) => void): Promise<Found>;
}

interface Line extends Omit<Text, "content" | "type" | "deletedAt"> {
  folded: string;
}

type Shelf = Map<number, Line>;

/** Searching again soon is quick; then the memory is for others. */
const KEPT_MS = 2 * 60_000;
const AT_ONCE = 4;
const PART_MS = 100;

export function createFinder({ core, disk, world, onStop }: Engine): Finder {
  const shelves = new Map<ChatId, Promise<Shelf>>();
  let cancel = () => {};

  function shelf(chat: ChatId): Promise<Shelf> {
    const known = shelves.get(chat);
    if (known) return known;
    const read = core.keeper.flush().then(async () => {
      const lines: Shelf = new Map();
      for (const text of await disk.textsOf(chat)) put(lines, text);
      return lines;
    });
    shelves.set(chat, read);
    return read;
  }

  async function all(chats: readonly ChatId[], take: (lines: Shelf) => void = () => {}): Promise<void> {
    cancel();
    cancel = world.after(KEPT_MS, () => shelves.clear());
    const waiting = [...chats];
    const next = async () => {
      for (let chat = waiting.shift(); chat !== undefined; chat = waiting.shift()) {
        take(await shelf(chat));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  function change(it: Change) {
    const chat = chatOf(it);
    if (it.kind === "reset" || it.kind === "removed") shelves.delete(chat);
    else if (it.kind === "message") void shelves.get(chat)?.then((lines) => put(lines, it.message));
    else if (it.kind === "hidden") void shelves.get(chat)?.then((lines) => drop(lines, it.messageId));
  }

  core.onChange((changes) => {
    if (shelves.size > 0) for (const it of changes) change(it);
  });
  onStop(() => {
    cancel();
    shelves.clear();
  });

  const chatsOf = ({ chatId }: Partial<SearchWish>) => (chatId ? [chatId] : core.store.getState().order);

  return {
    prepare: () => void all(chatsOf({})),
    async find(wish, limit, onPart) {
      const fits = finder(wish.query);
      const { hidden } = core.account();
      const now = world.now();
      const isWanted = (line: Line) =>
        (!wish.senderId || line.senderId === wish.senderId) &&
        (!wish.from || line.createdAt >= wish.from) &&
        !(line.expiresAt && Date.parse(line.expiresAt) <= now) &&
        fits(line.folded) &&
        !hidden.has(line.id);
      const found: Line[] = [];
      const newest = async (): Promise<Found> => {
        found.sort((a, b) => compare(b.createdAt, a.createdAt) || b.seq - a.seq);
        const hasMore = found.length > limit;
        const messages = await disk.messagesOf(found.slice(0, limit));
        return { items: messages.filter((message) => !message.deletedAt), hasMore };
      };
      let toldAt = now;
      let isOver = false;
      await all(chatsOf(wish), (lines) => {
        for (const line of lines.values()) if (isWanted(line)) found.push(line);
        if (!onPart || found.length === 0 || world.now() - toldAt < PART_MS) return;
        toldAt = world.now();
        void newest().then((part) => !isOver && onPart(part));
      });
      isOver = true;
      return newest();
    },
  };
}

/** What was deleted, or never was somebody's words, is not found. */
function put(lines: Shelf, text: Text) {
  const there = lines.get(text.seq);
  if (there && there.rev > text.rev) return;
  const { id, chatId, seq, rev, type, senderId, createdAt, content, deletedAt, expiresAt } = text;
  if (deletedAt || type !== "text") lines.delete(seq);
  else lines.set(seq, { id, chatId, seq, rev, senderId, createdAt, expiresAt, folded: fold(content) });
}

function drop(lines: Shelf, id: Message["id"]) {
  for (const line of lines.values()) if (line.id === id) lines.delete(line.seq);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
