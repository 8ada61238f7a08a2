import { useEffect, useState } from "react";
import { t } from "../../i18n";
import { RichText } from "../../text/RichText";
import type { Announcement, AnnouncementLevel } from "../../wire";
import { useActions } from "../frame/messenger";
import { cx } from "../kit/cx";
import { failureOf, wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { warn } from "../kit/toast";

const LOOKS: Record<AnnouncementLevel, string> = {
  info: "bg-accent-soft text-ink",
  warning: "bg-warning-soft text-warning",
  critical: "bg-danger-soft text-danger",
};
const LEVELS: AnnouncementLevel[] = ["critical", "warning", "info"];
const LONGEST_WAIT_MS = 60 * 60 * 1_000;

/** One at a time, the gravest first; it goes by itself once it is over. */
export function AnnouncementBar({ announcements }: { announcements: readonly Announcement[] }) {
  const actions = useActions();
  const now = useEnds(announcements);
  const current = announcements
    .filter(({ until }) => !until || Date.parse(until) > now)
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const shown = current[0];
  if (!shown) return null;
  const dismiss = () =>
    actions.dismissAnnouncement(shown.id).catch((error) => warn(wordsFor(failureOf(error))));
  return (
    <section
      key={shown.id}
      data-bar
      aria-label={t(`safety.level.${shown.level}`)}
      className={cx(
        "flex shrink-0 items-start gap-3 ps-4 pe-1 pt-[env(safe-area-inset-top)] forced-colors:border-b",
        LOOKS[shown.level] ?? LOOKS.info,
      )}
    >
      <Icon name={shown.level === "info" ? "info" : "alert"} size={20} className="mt-3" />
      <div
        role={shown.level === "critical" ? "alert" : "status"}
        className="max-h-32 short:max-h-12 min-w-0 flex-1 overflow-y-auto py-2.5 text-sm"
      >
        <RichText source={shown.content} />
      </div>
      {current.length > 1 && (
        <span className="py-3 text-sm">{t("safety.more", { count: current.length - 1 })}</span>
      )}
      <IconButton icon="close" iconSize={20} label={t("kit.dismiss")} onClick={() => void dismiss()} />
    </section>
  );
}

/** The time, looked at again whenever one of them ends. */
function useEnds(announcements: readonly Announcement[]): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const ends = announcements.flatMap(({ until }) => (until ? [Date.parse(until)] : []));
    const next = Math.min(...ends.filter((end) => end > now));
    if (!Number.isFinite(next)) return;
    const wait = Math.min(Math.max(next - Date.now(), 0) + 50, LONGEST_WAIT_MS);
    const timer = setTimeout(() => setNow(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [announcements, now]);
  return now;
}
