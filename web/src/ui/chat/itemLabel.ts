import { locale, t } from "../../i18n";
import type { Tick } from "../../sync/model";
import { plainText } from "../../text/markdown";
import { clock, dayName, daysAgo } from "../../text/times";
import type { Timestamp } from "../../wire";

export const TICK_TEXTS = {
  waiting: "chat.tick.waiting",
  sent: "chat.tick.sent",
  delivered: "chat.tick.delivered",
  read: "chat.tick.read",
  failed: "chat.tick.failed",
} as const satisfies Record<Tick, string>;

interface Item {
  /** Null where the text says who did it. */
  sender: string | null;
  /** Restricted Markdown; null for a message that was deleted. */
  content: string | null;
  time: Timestamp;
  /** Of an own message. */
  tick: Tick | null;
  isEdited: boolean;
  /** Of those that are chosen from. */
  isChosen?: boolean;
  /** Any time of this day. */
  today: number;
}

/** What a screen reader says of a message: what matters most comes first. */
export function itemLabel(item: Item): string {
  const text = item.content === null ? t("chat.deleted") : plainText(item.content);
  const parts = [text, timeText(item.time, item.today)];
  if (item.isChosen) parts.unshift(t("chat.chosen"));
  if (item.sender !== null) parts.unshift(item.sender);
  if (item.isEdited) parts.push(t("chat.edited"));
  if (item.tick) parts.push(t(TICK_TEXTS[item.tick]));
  return parts.join(", ");
}

function timeText(time: Timestamp, today: number): string {
  const at = clock(time, locale());
  return daysAgo(time, today) === 0 ? at : `${dayName(time, today, locale())} ${at}`;
}
