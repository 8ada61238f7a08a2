import { t } from "../../i18n";
import type { PresenceStatus } from "../../wire";
import { cx } from "./cx";
import { hueOf, initialsOf } from "./initials";

interface Props {
  /** Whose colour it is: stable by id, so that a new name keeps it. */
  id: string;
  name: string;
  size?: number;
  presence?: PresenceStatus;
}

/** Decoration but for the dot: the name stands beside it. */
export function Avatar({ id, name, size = 48, presence = "offline" }: Props) {
  return (
    <span className="relative inline-block shrink-0" style={{ width: size, height: size }}>
      <span
        aria-hidden="true"
        className="grid size-full select-none place-items-center rounded-full font-semibold text-on-badge-quiet forced-colors:border"
        style={{ backgroundColor: `var(--avatar-${hueOf(id)})`, fontSize: size * 0.38 }}
      >
        {initialsOf(name)}
      </span>
      {presence !== "offline" && (
        <span
          className={cx(
            "absolute end-0 bottom-0 rounded-full ring-2 ring-surface",
            presence === "online" ? "bg-online" : "bg-away",
          )}
          style={{ width: size / 4, height: size / 4 }}
        >
          <span className="sr-only">{t(presence === "online" ? "kit.online" : "kit.away")}</span>
        </span>
      )}
    </span>
  );
}
