import { locale, t } from "../../i18n";
import type { Tick } from "../../sync/model";
import { clock } from "../../text/times";
import { cx } from "../kit/cx";
import { TICK_TEXTS } from "./itemLabel";

const DRAWINGS: Record<Tick, string> = {
  waiting: "M8 2.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8M8 5v3.2l2 1.3",
  sent: "M3 8.6l3.4 3.4L13 4.6",
  delivered: "M1 8.6L4.4 12 11 4.6M8 11.2l.8.8 6.4-7.4",
  read: "M1 8.6L4.4 12 11 4.6M8 11.2l.8.8 6.4-7.4",
  failed: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 5.2v3.4M8 10.9v.01",
};

/** How far an own message has come, and never further than it really has. */
export function TickMark({ tick, since = null }: { tick: Tick; since?: string | null }) {
  const state = t(TICK_TEXTS[tick]);
  const label = since === null ? state : t("chat.tick.since", { state, time: clock(since, locale()) });
  return (
    <svg
      role="img"
      aria-label={label}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx(
        "shrink-0",
        tick === "read" && "text-tick-read forced-color-adjust-none forced-colors:text-[Highlight]",
        tick === "failed" && "text-danger",
      )}
    >
      {since !== null && <title>{label}</title>}
      <path d={DRAWINGS[tick]} />
    </svg>
  );
}
