/** How many messages are unread: recounted where all above `readSeq` are known, else reckoned. */

import type { Message, MessageId, UserId } from "../wire";

/** The unread messages that are known, so that a count needs no look at the disk. */
export interface Tally {
  /** From this `seq` on none is missing. */
  floor: number;
  /** By `seq`: those that count. */
  counted: Readonly<Record<number, { id: MessageId; mentionsMe: boolean }>>;
}

export interface Count {
  unread: number;
  mentions: number;
}

export function counts(message: Message, me: UserId): boolean {
  return message.senderId !== me && !message.system && !message.deletedAt;
}

/** Whether the tally reaches down far enough to be the truth. */
export function isExact(tally: Tally, readSeq: number): boolean {
  return tally.floor <= readSeq + 1;
}

export function tallyOf(messages: readonly Message[], floor: number, readSeq: number, me: UserId): Tally {
  const counted: Record<number, { id: MessageId; mentionsMe: boolean }> = {};
  for (const message of messages) {
    if (message.seq > readSeq && message.seq >= floor && counts(message, me)) {
      counted[message.seq] = { id: message.id, mentionsMe: message.mentions.includes(me) };
    }
  }
  return { floor, counted };
}

export function note(tally: Tally, message: Message, readSeq: number, me: UserId): Tally {
  if (message.seq < tally.floor || message.seq <= readSeq) return tally;
  if (!counts(message, me)) return forget(tally, message.seq);
  const entry = { id: message.id, mentionsMe: message.mentions.includes(me) };
  return { ...tally, counted: { ...tally.counted, [message.seq]: entry } };
}

export function forgetId(tally: Tally, id: MessageId): Tally {
  const found = Object.entries(tally.counted).find(([, entry]) => entry.id === id);
  return found ? forget(tally, Number(found[0])) : tally;
}

function forget(tally: Tally, seq: number): Tally {
  if (!(seq in tally.counted)) return tally;
  const { [seq]: _, ...counted } = tally.counted;
  return { ...tally, counted };
}

/** What was read needs no counting any more. */
export function prune(tally: Tally, readSeq: number): Tally {
  if (tally.floor > readSeq + 1) return tally;
  const left = Object.entries(tally.counted).filter(([seq]) => Number(seq) > readSeq);
  if (tally.floor === readSeq + 1 && left.length === Object.keys(tally.counted).length) return tally;
  return { floor: readSeq + 1, counted: Object.fromEntries(left) };
}

export function count(tally: Tally): Count {
  const entries = Object.values(tally.counted);
  return { unread: entries.length, mentions: entries.filter((entry) => entry.mentionsMe).length };
}
