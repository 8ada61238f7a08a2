import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

interface Props extends ComponentProps<"button"> {
  icon: IconName;
  /** Its accessible name, and what shows when the pointer rests on it. */
  label: string;
  isFilled?: boolean;
  iconSize?: number;
}

export function IconButton({ icon, label, isFilled, iconSize, className, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "inline-grid shrink-0 place-items-center rounded-full transition-colors",
        !className?.includes("size-") && "size-11",
        "hover:bg-hover aria-expanded:bg-hover aria-pressed:text-accent disabled:opacity-50",
        !className?.includes("text-") && "text-muted hover:text-ink",
        className,
      )}
    >
      <Icon name={icon} size={iconSize} isFilled={isFilled} />
    </button>
  );
}
