import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import type { MenuItem } from "./useMenu";

interface Props extends ComponentProps<"button"> {
  label: string;
  icon?: IconName | undefined;
  /** How it stands now. */
  value?: string | undefined;
  isDanger?: boolean | undefined;
}

/** One of several things to be done, below each other over the whole width. */
export function ActionRow({ label, icon, value, isDanger = false, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/role-supports-aria-props -- ARIA 1.3 has it for every role
      aria-description={value}
      {...rest}
      className={cx(
        "flex min-h-12 w-full items-center gap-4 rounded-xl px-3 py-1 text-start",
        isDanger ? "text-danger hover:bg-danger-soft" : "hover:bg-hover",
      )}
    >
      {icon && <Icon name={icon} className={isDanger ? "" : "text-accent"} />}
      <span className="min-w-0 flex-1 wrap-anywhere">{label}</span>
      {value !== undefined && <span className="shrink-0 text-muted text-sm">{value}</span>}
    </button>
  );
}

/** What a menu would offer, where there is room for all of it. */
export function ActionRows({ items }: { items: readonly MenuItem[] }) {
  return items.map(({ label, icon, isDanger, run }) => (
    <ActionRow key={label} label={label} icon={icon} isDanger={isDanger} onClick={run} />
  ));
}
