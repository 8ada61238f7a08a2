import { t } from "../../i18n";

/** Nobody was asked, so it is told. */
export function LostAtEnd({ count }: { count: number }) {
  return (
    <p role="alert" className="mb-4 rounded-xl bg-warning-soft p-3 text-sm text-warning">
      {t("frame.lostAtEnd", { count })}
    </p>
  );
}
