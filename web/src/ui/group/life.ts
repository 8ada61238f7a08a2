import { locale, t } from "../../i18n";

export const HOUR_SECS = 3_600;
export const DAY_SECS = 24 * HOUR_SECS;

/** How long messages live, in the largest unit that it is a whole number of. */
export function lifeText(secs: number): string {
  if (secs === 0) return t("group.disappearOff");
  const [value, unit] = secs % DAY_SECS === 0 ? [secs / DAY_SECS, "day"] : [secs / HOUR_SECS, "hour"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(value);
}
