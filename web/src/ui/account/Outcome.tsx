import type { ReactNode } from "react";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";
import type { IconName } from "../kit/icons";

interface Props {
  icon: IconName;
  isBad?: boolean;
  text: string;
  /** What to do next. */
  children?: ReactNode;
}

/** How it ended. */
export function Outcome({ icon, isBad = false, text, children }: Props) {
  return (
    <div role={isBad ? "alert" : undefined} className="flex flex-col items-center gap-4 text-center">
      <span
        className={cx(
          "grid size-16 place-items-center rounded-full",
          isBad ? "bg-danger-soft text-danger" : "bg-accent-soft text-accent",
        )}
      >
        <Icon name={icon} size={30} />
      </span>
      <p aria-live="polite" className="max-w-full text-balance wrap-anywhere">
        {text}
      </p>
      {children}
    </div>
  );
}
