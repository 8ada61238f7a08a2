import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { Spinner } from "./Spinner";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  soft: "bg-accent-soft text-accent hover:bg-selected",
  plain: "text-accent hover:bg-hover",
  quiet: "bg-sunken text-ink hover:bg-line",
  danger: "bg-danger text-on-danger hover:opacity-90",
  "danger-plain": "text-danger hover:bg-danger-soft",
};

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  icon?: IconName;
  /** Shows that it is at work. It keeps its words and its place, and can't be pressed again. */
  isBusy?: boolean;
}

export function Button({ look = "quiet", icon, isBusy, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      {...rest}
      className={cx(
        "inline-flex min-h-11 max-w-full items-center justify-center gap-2 rounded-xl px-4 py-2 font-medium wrap-anywhere",
        "transition-colors disabled:opacity-50 disabled:pointer-events-none",
        "forced-colors:border forced-colors:border-current",
        LOOKS[look],
        className,
      )}
    >
      {isBusy ? <Spinner size={20} /> : icon && <Icon name={icon} size={20} />}
      {children}
    </button>
  );
}
