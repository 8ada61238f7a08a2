import { locale, t } from "../../i18n";
import { dayName } from "../../text/times";
import type { Timestamp } from "../../wire";

/** Hidden from screen readers: each message says its own day. */
export function DayLine({ time }: { time: Timestamp }) {
  return (
    <p aria-hidden="true" className="flex justify-center py-2">
      <DayPill time={time} />
    </p>
  );
}

export function DayPill({ time }: { time: Timestamp }) {
  return (
    <span className="rounded-full bg-surface px-3 py-1 font-medium text-muted text-xs shadow-xs forced-colors:border">
      {dayName(time, Date.now(), locale())}
    </span>
  );
}

export const UNREAD_ID = "first-unread";

export function UnreadLine() {
  return (
    <p aria-hidden="true" className="flex items-center gap-3 px-4 py-3 font-medium text-accent text-sm">
      <span className="h-px flex-1 bg-current opacity-40" />
      <span id={UNREAD_ID}>{t("chat.unread")}</span>
      <span className="h-px flex-1 bg-current opacity-40" />
    </p>
  );
}
