/** What stands in the list, from top to bottom: pure, so that it can be tried out on paper. */

import { hasVanished } from "../../sync/expiry";
import type { Pending } from "../../sync/model";
import { dayOf } from "../../text/times";
import type { Message, Timestamp, UserId } from "../../wire";

export type Row =
  | { kind: "day"; key: string; time: Timestamp }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; message: Message }
  | MessageRow;

/** One bubble. On its way and arrived it is the same row, so that nothing blinks in between. */
export type MessageRow = {
  kind: "message";
  key: string;
  senderId: UserId;
  isFirst: boolean;
  isLast: boolean;
} & ({ message: Message; pending: null } | { message: null; pending: Pending });

export interface RowsInput {
  me: UserId;
  messages: readonly Message[];
  pending: readonly Pending[];
  dividerSeq: number | null;
  /** The very first message of the chat is among them. */
  isBeginning: boolean;
  /** Messages that began a group because nothing before them was loaded, and still do: a bubble
   *  that lost its name while pages arrive would move all below it. */
  firstByPage: ReadonlySet<string>;
  /** The midnight before now: days begin anew with it, and in another time zone. */
  today: number;
}

const GROUP_MS = 3 * 60 * 1_000;

export function rowKey(senderId: UserId, clientId: string): string {
  return `${senderId} ${clientId}`;
}

export function buildRows(input: RowsInput): Row[] {
  return rowsBuilder()(input);
}

/** Builds rows from where the messages begin to differ from those of the last time, and keeps those before. */
export function rowsBuilder(): (input: RowsInput) => Row[] {
  let last: Built | null = null;
  return (input) => {
    const from = last && isAlike(last.input, input) ? firstToBuild(last.input.messages, input.messages) : 0;
    const ends = last?.ends.slice(0, from) ?? [];
    const builder = begun(input, last?.rows.slice(0, ends.at(-1) ?? 0) ?? [], from);
    addMessages(builder, input, from, ends);
    const rows = builder.rows;
    last = { input, rows, ends };
    addPending(builder, input);
    return rows;
  };
}

interface Built {
  input: RowsInput;
  rows: readonly Row[];
  /** How many rows there were after each message. */
  ends: readonly number[];
}

function isAlike(before: RowsInput, now: RowsInput): boolean {
  const { me, dividerSeq, isBeginning, firstByPage, today } = now;
  return (
    before.today === today &&
    before.me === me &&
    before.dividerSeq === dividerSeq &&
    before.isBeginning === isBeginning &&
    before.firstByPage === firstByPage
  );
}

/** The last row of those that are the same, as what comes after it says whether it ends its group. */
function firstToBuild(before: readonly Message[], now: readonly Message[]): number {
  let same = 0;
  while (same < now.length && before[same] === now[same]) same += 1;
  const isShown = (at: number) => at < 0 || !hasVanished(now[at] as Message);
  let first = same - 1;
  while (!isShown(first) || !isShown(first - 1)) first -= 1;
  return Math.max(0, first);
}

/** As it was left before the message of this index. */
function begun({ isBeginning, messages }: RowsInput, rows: Row[], from: number): Builder {
  const message = messages[from - 1];
  const row = rows.at(-1);
  if (!message || !row) return { rows: [], isBeginning, day: null, time: Number.NaN, group: null };
  const time = Date.parse(message.createdAt);
  const canGoOn = row.kind === "message" && message.reactions.length === 0;
  return { rows, isBeginning, day: dayOf(time), time, group: canGoOn ? { row, time } : null };
}

function addMessages(builder: Builder, input: RowsInput, from: number, ends: number[]): void {
  const { dividerSeq, messages, firstByPage } = input;
  let isDivided = dividerSeq === null || builder.rows.some((row) => row.kind === "unread");
  for (const message of messages.slice(from)) {
    if (!hasVanished(message)) {
      const { senderId } = message;
      const key = rowKey(senderId, message.clientId);
      const startsDay = step(builder, key, message.createdAt);
      if (!isDivided && isUnread(message, input)) {
        builder.rows.push({ kind: "unread", key: "unread" });
        builder.group = null;
        isDivided = true;
      }
      if (message.type === "system") {
        builder.rows.push({ kind: "system", key, message });
        builder.group = null;
      } else {
        const isApart = startsDay || firstByPage.has(key);
        push(
          builder,
          { kind: "message", key, senderId, message, pending: null, isFirst: true, isLast: true },
          isApart,
        );
        if (message.reactions.length > 0) builder.group = null;
      }
    }
    ends.push(builder.rows.length);
  }
}

/** What I said myself, and what happened, is nothing to read. */
function isUnread(message: Message, { me, dividerSeq }: RowsInput): boolean {
  const isNew = dividerSeq !== null && message.seq >= dividerSeq;
  return isNew && message.senderId !== me && message.type !== "system";
}

/** Ten thousand messages pass through here at each change, so it looks at a calendar once a day. */
interface Builder {
  rows: Row[];
  isBeginning: boolean;
  day: { from: number; to: number } | null;
  /** Of the row that came last, and the one before it that the next may join. */
  time: number;
  group: { row: MessageRow; time: number } | null;
}

function addPending(builder: Builder, { me, messages, pending }: RowsInput): void {
  if (pending.length === 0) return;
  const waiting = new Set(pending.map((one) => one.clientId));
  const arrived = new Set<string>();
  for (const { senderId, clientId } of messages) {
    if (senderId === me && waiting.has(clientId)) arrived.add(clientId);
  }
  for (const one of pending) {
    if (arrived.has(one.clientId)) continue;
    const key = rowKey(me, one.clientId);
    const startsDay = step(builder, key, one.createdAt);
    const row: Row = {
      kind: "message",
      key,
      senderId: me,
      message: null,
      pending: one,
      isFirst: true,
      isLast: true,
    };
    push(builder, row, startsDay);
  }
}

/** Whether a new day begins; its divider is put where that is known for sure. */
function step(builder: Builder, before: string, time: Timestamp): boolean {
  const { day } = builder;
  builder.time = Date.parse(time);
  if (day && builder.time >= day.from && builder.time < day.to) return false;
  builder.day = dayOf(builder.time);
  if (day || builder.isBeginning) builder.rows.push({ kind: "day", key: `day ${before}`, time });
  return true;
}

function push(builder: Builder, row: MessageRow, isApart: boolean): void {
  const { group, time } = builder;
  const joins = !isApart && group?.row.senderId === row.senderId && Math.abs(time - group.time) < GROUP_MS;
  if (joins) {
    group.row.isLast = false;
    row.isFirst = false;
  }
  builder.group = { row, time };
  builder.rows.push(row);
}
