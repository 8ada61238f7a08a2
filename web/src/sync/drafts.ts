/** What was written and not sent: on disk a moment later, on the user's other devices a while later. */

import type { DraftRow } from "../disk";
import type { ChatId } from "../wire";
import type { Engine } from "./engine";
import type { Draft } from "./model";
import { failureOf } from "./refusal";

const TO_DISK_MS = 500;
/** Who types without a pause loses no more than this. */
const TO_DISK_AT_LATEST_MS = 2_000;
const TO_SERVER_MS = 10_000;
/** No draft is this. */
const UNKNOWN = "\0";
const EMPTY: Draft = { content: "", replyTo: null };

export interface Drafts {
  set(id: ChatId, draft: Draft): void;
  /** What another device has written counts, unless there is something newer here. */
  hear(id: ChatId, content: string | null): void;
  connected(): void;
}

export function createDrafts(engine: Engine, untold: readonly ChatId[]): Drafts {
  const { core, disk, rest, world, tabs, isOnline, onStop } = engine;
  const toTell = new Set(untold);
  const timers = new Map<string, () => void>();
  /** Since when there is something that is not on disk. */
  const unkept = new Map<ChatId, number>();
  /** What the server has, as far as it was told from here or has told. */
  const told = new Map<ChatId, string>();
  const telling = new Set<ChatId>();

  const draftOf = (id: ChatId) => core.store.getState().drafts[id] ?? EMPTY;

  function after(key: string, ms: number, work: () => void) {
    timers.get(key)?.();
    timers.set(key, world.after(ms, work));
  }

  function show(id: ChatId, draft: Draft) {
    core.store.setState(({ drafts: { [id]: _, ...others } }) => ({
      drafts: isEmpty(draft) ? others : { ...others, [id]: draft },
    }));
  }

  function keep(id: ChatId) {
    disk.saveDraft(rowOf(id, draftOf(id), toTell.has(id)));
  }

  function keepForAll(id: ChatId) {
    if (!unkept.delete(id)) return;
    keep(id);
    tabs.tell({ kind: "draft", chatId: id, draft: draftOf(id) });
  }

  function keepSoon(id: ChatId) {
    const now = world.now();
    const since = unkept.get(id) ?? now;
    unkept.set(id, since);
    const wait = Math.min(TO_DISK_MS, since + TO_DISK_AT_LATEST_MS - now);
    after(`keep ${id}`, Math.max(wait, 0), () => keepForAll(id));
  }

  /** One at a time, so that they arrive in order. */
  async function tell(id: ChatId) {
    const room = core.account().rooms[id];
    if (!toTell.has(id) || telling.has(id) || !isOnline() || !room) return;
    const { content } = draftOf(id);
    const isNews = content !== (told.get(id) ?? room.chat.me.draft ?? "");
    told.set(id, content);
    telling.add(id);
    try {
      if (isNews) await rest.chats.mine(id, { draft: content === "" ? null : content });
    } catch (error) {
      // Whether it was done is not known.
      told.set(id, UNKNOWN);
      if (failureOf(error).isRetryable) return after(`tell ${id}`, TO_SERVER_MS, () => tell(id));
    } finally {
      telling.delete(id);
    }
    if (draftOf(id).content !== content) return tellSoon(id);
    toTell.delete(id);
    keep(id);
  }

  /** That it was sent or taken back is told at once: elsewhere it would look as if it still stood there. */
  function tellSoon(id: ChatId) {
    const isEmptied = draftOf(id).content === "";
    after(`tell ${id}`, isEmptied ? 0 : TO_SERVER_MS, () => tell(id));
  }

  tabs.onNews((news) => news.kind === "draft" && show(news.chatId, news.draft));
  core.onChange((changes) => {
    for (const change of changes) {
      if (change.kind !== "removed") continue;
      toTell.delete(change.chatId);
      show(change.chatId, EMPTY);
    }
  });
  onStop(
    world.onVisibility(() => {
      if (!world.isVisible()) for (const id of unkept.keys()) keepForAll(id);
    }),
  );
  onStop(() => {
    for (const cancel of timers.values()) cancel();
  });

  return {
    set(id, draft) {
      const before = draftOf(id);
      if (before.content === draft.content && before.replyTo === draft.replyTo) return;
      show(id, draft);
      if (before.content !== draft.content) toTell.add(id);
      keepSoon(id);
      if (before.content !== draft.content) tellSoon(id);
    },
    hear(id, content) {
      if (!telling.has(id)) told.set(id, content ?? "");
      if (toTell.has(id)) return;
      const before = draftOf(id);
      if (before.content === (content ?? "")) return;
      // With what was sent elsewhere went what it answered; a choice that nothing was written to stays.
      const isSpent = before.content !== "" && !content;
      show(id, { content: content ?? "", replyTo: isSpent ? null : before.replyTo });
      keep(id);
    },
    connected() {
      for (const id of toTell) tell(id);
    },
  };
}

export function isEmpty(draft: Draft): boolean {
  return draft.content === "" && draft.replyTo === null;
}

function rowOf(chatId: ChatId, { content, replyTo }: Draft, isUntold: boolean): DraftRow {
  return { chatId, content, replyTo, isUntold };
}
