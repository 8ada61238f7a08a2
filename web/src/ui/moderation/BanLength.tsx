import { locale, t } from "../../i18n";
import { Choice } from "../settings/Choice";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Zero: for good. */
const DAYS = [1, 7, 30, 0];

export function BanLength({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  const label = (count: number) =>
    new Intl.NumberFormat(locale(), { style: "unit", unit: "day", unitDisplay: "long" }).format(count);
  return (
    <Choice
      label={t("moderation.howLong")}
      value={days}
      options={DAYS.map((value) => ({ value, label: value ? label(value) : t("moderation.forGood") }))}
      onChange={onChange}
    />
  );
}

export function endOf(days: number): string | null {
  return days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
}
