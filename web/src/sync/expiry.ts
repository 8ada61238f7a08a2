/** Messages that disappear: what is left of them from that instant on, whoever tells us and when. */

import type { Message } from "../wire";
import { type Account, Draft, type Step } from "./account";
import { put } from "./chat";
import type { Engine } from "./engine";

/** `setTimeout` can't wait longer. */
const LONGEST_MS = 24 * 60 * 60 * 1_000;

/** The message as it is now: the same object as long as there is nothing to take away. */
export function asOf(message: Message, now: number): Message {
  const { expiresAt, deletedAt, replyTo } = message;
  if (expiresAt && !deletedAt && Date.parse(expiresAt) <= now) {
    const nothing = { content: "", mentions: [], reactions: [], replyTo: null, pinnedAt: null };
    return { ...message, ...nothing, deletedAt: expiresAt };
  }
  if (replyTo?.expiresAt && replyTo.preview !== "" && Date.parse(replyTo.expiresAt) <= now) {
    return { ...message, replyTo: { ...replyTo, preview: "" } };
  }
  return message;
}

/** It was not deleted by anybody: its time had come. */
export function hasVanished({ expiresAt, deletedAt }: Message): boolean {
  return expiresAt != null && deletedAt != null && Date.parse(deletedAt) === Date.parse(expiresAt);
}

/** When the next of them goes, in milliseconds; `Infinity` where none will. */
function endOf({ expiresAt, deletedAt, replyTo }: Message): number {
  const own = expiresAt && !deletedAt ? Date.parse(expiresAt) : Number.POSITIVE_INFINITY;
  const isQuoting = replyTo?.expiresAt && replyTo.preview !== "";
  return Math.min(own, isQuoting ? Date.parse(replyTo.expiresAt as string) : Number.POSITIVE_INFINITY);
}

const known = new WeakMap<readonly Message[], number>();

/** Looked for once in each state of a timeline. */
function nextIn(messages: readonly Message[]): number {
  let next = known.get(messages);
  if (next === undefined) {
    next = messages.reduce((soonest, message) => Math.min(soonest, endOf(message)), Number.POSITIVE_INFINITY);
    known.set(messages, next);
  }
  return next;
}

export function nextEnd({ rooms, timelines }: Account): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { chat } of Object.values(rooms)) {
    if (chat.lastMessage) next = Math.min(next, endOf(chat.lastMessage));
  }
  for (const { messages } of Object.values(timelines)) next = Math.min(next, nextIn(messages));
  return next;
}

/** Takes away all that has disappeared by `now`. Their `rev` stays: `msg:updated` is still to come. */
export function expire(account: Account, now: number): Step {
  const draft = new Draft(account);
  for (const room of Object.values(account.rooms)) {
    const last = room.chat.lastMessage;
    const left = last && asOf(last, now);
    if (!left || left === last) continue;
    const told = put(room, left, account.me);
    draft.setRoom({ ...told, chat: { ...told.chat, lastMessage: left } });
    draft.changes.push({ kind: "message", message: left });
  }
  for (const timeline of Object.values(account.timelines)) {
    if (nextIn(timeline.messages) > now) continue;
    const messages = timeline.messages.map((message) => asOf(message, now));
    draft.setTimeline({ ...timeline, messages });
    for (const [at, message] of messages.entries()) {
      if (message === timeline.messages[at]) continue;
      const room = draft.room(timeline.chatId);
      if (room) draft.setRoom(put(room, message, account.me));
      draft.changes.push({ kind: "message", message });
    }
  }
  return draft.step();
}

/** One timer for all of them. */
export function watchExpiry({ core, world, onStop }: Engine): () => void {
  let planned = Number.POSITIVE_INFINITY;
  let cancel = () => {};
  function plan() {
    const next = nextEnd(core.account());
    if (next === planned) return;
    planned = next;
    cancel();
    if (next === Number.POSITIVE_INFINITY) return;
    cancel = world.after(Math.min(Math.max(next - world.now(), 0), LONGEST_MS), () => {
      planned = Number.POSITIVE_INFINITY;
      core.apply((account) => expire(account, world.now()));
      plan();
    });
  }
  onStop(core.store.subscribe(plan));
  onStop(() => cancel());
  return plan;
}
