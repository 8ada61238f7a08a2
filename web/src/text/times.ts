/** Times as people say them, in their language and time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

const OPTIONS = {
  clock: { hour: "numeric", minute: "2-digit" },
  weekday: { weekday: "short" },
  longWeekday: { weekday: "long" },
  date: { day: "2-digit", month: "2-digit", year: "numeric" },
  monthDay: { day: "numeric", month: "long" },
  longDate: { day: "numeric", month: "long", year: "numeric" },
  full: { dateStyle: "full", timeStyle: "medium" },
  dayTime: { dateStyle: "long", timeStyle: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** `14:05` */
export function clock(time: string | number, locale: string): string {
  return format("clock", time, locale);
}

/** `Sunday, 23 November 2026 at 14:05:09` */
export function fullTime(time: string | number, locale: string): string {
  return format("full", time, locale);
}

/** `23 November 2026 at 14:05` */
export function dayTime(time: string | number, locale: string): string {
  return format("dayTime", time, locale);
}

/** How many days ago, by the calendar on the wall: 0 is today, negative lies ahead. */
export function daysAgo(time: string | number, now: number): number {
  return Math.round((dayOf(now).from - dayOf(new Date(time).getTime()).from) / DAY_MS);
}

/** The day of this time zone that a time falls on: from its midnight to the next. */
export function dayOf(time: number): { from: number; to: number } {
  const date = new Date(time);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + 1).getTime() };
}

/** For a list: `14:05`, `Yesterday`, `Tue`, `12.03.2026`. */
export function shortTime(time: string | number, now: number, locale: string): string {
  const days = daysAgo(time, now);
  if (days <= 0) return clock(time, locale);
  if (days === 1) return relativeDay(-1, locale);
  return format(days < 7 ? "weekday" : "date", time, locale);
}

/** For a divider between days: `Today`, `Yesterday`, `Tuesday`, `12 March`, `12 March 2025`. */
export function dayName(time: string | number, now: number, locale: string): string {
  const days = daysAgo(time, now);
  if (days === 0 || days === 1) return relativeDay(-days, locale);
  if (days > 1 && days < 7) return format("longWeekday", time, locale);
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return format(isThisYear ? "monthDay" : "longDate", time, locale);
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function relativeDay(days: number, locale: string): string {
  let known = relatives.get(locale);
  if (!known) {
    known = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    relatives.set(locale, known);
  }
  const words = known.format(days, "day");
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
}

/** Equal for two times on the same day of this time zone. */
export function dayKey(time: string | number): number {
  return dayOf(new Date(time).getTime()).from;
}

function format(kind: keyof typeof OPTIONS, time: string | number, locale: string): string {
  // A traveller's: a format keeps the time zone that it was made in.
  const key = `${kind} ${locale} ${new Date().getTimezoneOffset()}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(locale, OPTIONS[kind]);
    formats.set(key, known);
  }
  return known.format(new Date(time));
}

/** `5 sec`, `1 hr`: in the largest unit that it is a whole number of. */
export function duration(seconds: number, locale: string): string {
  const [value, unit] =
    seconds % 3_600 === 0
      ? [seconds / 3_600, "hour"]
      : seconds % 60 === 0
        ? [seconds / 60, "minute"]
        : [seconds, "second"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

/** What is left of a wait: `9 sec`, `4 min`, rounded up so that it is over when it says so. */
export function remaining(seconds: number, locale: string): string {
  return duration(seconds <= 60 ? seconds : Math.ceil(seconds / 60) * 60, locale);
}
