/** What stands in the list, from top to bottom: pure, so that it can be tried out on paper. */

import type { Pending } from "../../sync/model";
import { dayKey } from "../../text/times";
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
}

const GROUP_MS = 3 * 60 * 1_000;

export function rowKey(senderId: UserId, clientId: string): string {
  return `${senderId} ${clientId}`;
}

export function buildRows(input: RowsInput): Row[] {
  const rows: Row[] = [];
  const builder = { rows, time: Number.NaN, day: Number.NaN, group: null as MessageRow | null };
  let isDivided = input.dividerSeq === null;
  for (const message of input.messages) {
    const key = rowKey(message.senderId, message.clientId);
    const startsDay = stepDay(builder, key, message.createdAt, input.isBeginning);
    if (!isDivided && isUnread(message, input)) {
      rows.push({ kind: "unread", key: "unread" });
      builder.group = null;
      isDivided = true;
    }
    if (message.type === "system") {
      rows.push({ kind: "system", key, message });
      builder.group = null;
      continue;
    }
    const isApart = startsDay || input.firstByPage.has(key);
    const row = { kind: "message", key, senderId: message.senderId, message, pending: null } as const;
    push(builder, { ...row, isFirst: true, isLast: true }, isApart);
    if (message.reactions.length > 0) builder.group = null;
  }
  addPending(builder, input);
  return rows;
}

/** What I said myself, and what happened, is nothing to read. */
function isUnread(message: Message, { me, dividerSeq }: RowsInput): boolean {
  const isNew = dividerSeq !== null && message.seq >= dividerSeq;
  return isNew && message.senderId !== me && message.type !== "system";
}

interface Builder {
  rows: Row[];
  time: number;
  day: number;
  group: MessageRow | null;
}

function addPending(builder: Builder, input: RowsInput): void {
  if (input.pending.length === 0) return;
  const arrived = new Set<string>();
  for (const message of input.messages) {
    if (message.senderId === input.me) arrived.add(message.clientId);
  }
  for (const pending of input.pending) {
    if (arrived.has(pending.clientId)) continue;
    const key = rowKey(input.me, pending.clientId);
    const isFirstOfDay = stepDay(builder, key, pending.createdAt, input.isBeginning);
    const row = { kind: "message", key, senderId: input.me, message: null, pending } as const;
    push(builder, { ...row, isFirst: true, isLast: true }, isFirstOfDay);
  }
}

/** Whether a new day begins; its divider is put where that is known for sure. */
function stepDay(builder: Builder, before: string, time: Timestamp, isBeginning: boolean): boolean {
  const day = dayKey(time);
  if (day === builder.day) return false;
  const isAcross = !Number.isNaN(builder.day);
  builder.day = day;
  if (isAcross || isBeginning) {
    builder.rows.push({ kind: "day", key: `day ${before}`, time });
  }
  return true;
}

function push(builder: Builder, row: MessageRow, isApart: boolean): void {
  const time = Date.parse(row.message?.createdAt ?? row.pending?.createdAt ?? "");
  const last = builder.group;
  const joins = !isApart && last?.senderId === row.senderId && Math.abs(time - builder.time) < GROUP_MS;
  if (joins) {
    last.isLast = false;
    row.isFirst = false;
  }
  builder.group = row;
  builder.time = time;
  builder.rows.push(row);
}
