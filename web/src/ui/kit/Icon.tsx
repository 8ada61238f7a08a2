import { cx } from "./cx";
import { ICONS, type IconName } from "./icons";

/** Where an arrow means "back" or "on", it turns with the direction of reading. */
const TURNS = new Set<IconName>(["back", "chevron", "forward", "logout", "reply", "send"]);

interface Props {
  name: IconName;
  size?: number;
  isFilled?: boolean;
  className?: string;
}

/** Decoration: the words stand beside it or in the `aria-label` of what holds it. */
export function Icon({ name, size = 24, isFilled = false, className }: Props) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={isFilled ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={name === "dots" ? 2.6 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx("shrink-0", TURNS.has(name) && "rtl:-scale-x-100", className)}
    >
      <path d={ICONS[name]} />
    </svg>
  );
}
