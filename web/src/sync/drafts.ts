/** What was written and not sent: on disk a moment later, on the user's other devices a while later. */

import type { DraftRow } from "../disk";
import type { ChatId } from "../wire";
import type { Engine } from "./engine";
import type { Draft } from "./model";
import { failureOf } from "./refusal";

const TO_DISK_MS = 500;
const TO_SERVER_MS = 10_000;
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

  async function tell(id: ChatId) {
    if (!toTell.has(id) || !isOnline() || !core.account().rooms[id]) return;
    const told = draftOf(id).content;
    try {
      await rest.chats.mine(id, { draft: told === "" ? null : told });
    } catch (error) {
      if (failureOf(error).isRetryable) return after(`tell ${id}`, TO_SERVER_MS, () => tell(id));
    }
    if (draftOf(id).content !== told) return;
    toTell.delete(id);
    keep(id);
  }

  tabs.onNews((news) => news.kind === "draft" && show(news.chatId, news.draft));
  core.onChange((changes) => {
    for (const change of changes) {
      if (change.kind !== "removed") continue;
      toTell.delete(change.chatId);
      show(change.chatId, EMPTY);
    }
  });
  onStop(() => {
    for (const cancel of timers.values()) cancel();
  });

  return {
    set(id, draft) {
      const before = draftOf(id);
      if (before.content === draft.content && before.replyTo === draft.replyTo) return;
      show(id, draft);
      if (before.content !== draft.content) toTell.add(id);
      after(`keep ${id}`, TO_DISK_MS, () => {
        keep(id);
        tabs.tell({ kind: "draft", chatId: id, draft: draftOf(id) });
      });
      after(`tell ${id}`, TO_SERVER_MS, () => tell(id));
    },
    hear(id, content) {
      if (toTell.has(id)) return;
      show(id, { ...draftOf(id), content: content ?? "" });
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
