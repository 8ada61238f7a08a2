/**
 * The newest messages of chats that were open, or are about to be: these open within a frame, while
 * the disk takes several. What happens to them meanwhile happens here as well.
 */

import type { ChatId, Message } from "../wire";
import { type Change, chatOf } from "./account";
import { asOf } from "./expiry";
import { insert, type Run, without } from "./timeline";

const MOST_CHATS = 100;
/** As many as fill a screen, if not a page: no more have come of many a chat when all is caught up. */
const SCREENFUL = 30;

export interface Recall {
  /** What ends with the newest message. */
  keep(id: ChatId, run: Run): void;
  /** All up to `last`, if that is known. */
  of(id: ChatId, last: number, now: number): Run | null;
  note(change: Change): void;
}

/** `size`: how many messages of a chat are kept. */
export function createRecall(size: number): Recall {
  /** The one that was kept last is the last. */
  const runs = new Map<ChatId, Run>();

  return {
    keep(id, run) {
      runs.delete(id);
      const kept = newest(run, size);
      // Less would be shown, and soon after it the rest.
      if (kept.messages.length < Math.min(size, SCREENFUL) && kept.from > 1) return;
      runs.set(id, kept);
      const [first] = runs.keys();
      if (first !== undefined && runs.size > MOST_CHATS) runs.delete(first);
    },

    of(id, last, now) {
      const run = runs.get(id);
      if (!run || run.to < last) return null;
      const messages = run.messages.filter((message) => message.seq <= run.to);
      return { ...run, messages: messages.map((message) => asOf(message, now)) };
    },

    note(change) {
      const id = chatOf(change);
      const run = runs.get(id);
      if (!run) return;
      const next = noted(run, change);
      if (next) runs.set(id, newest(next, size));
      else runs.delete(id);
    },
  };
}

function noted(run: Run, change: Change): Run | null {
  switch (change.kind) {
    case "message":
      return withMessage(run, change.message);
    case "covered":
      return change.from <= run.to + 1 ? { ...run, to: Math.max(run.to, change.to) } : run;
    case "hidden":
      return without(run, change.messageId);
    default:
      return null;
  }
}

/** One may come before those between it and the run, which is complete only once it is `covered`. */
function withMessage(run: Run, message: Message): Run {
  const { from, to } = run;
  if (message.seq < from) return run;
  return { from, to: message.seq === to + 1 ? message.seq : to, messages: insert(run.messages, message) };
}

function newest(run: Run, size: number): Run {
  const messages = run.messages.slice(-size);
  const isCut = messages.length < run.messages.length;
  return isCut ? { messages, from: messages[0]?.seq ?? run.from, to: run.to } : run;
}
