import type { ReactNode } from "react";
import { cx } from "./cx";

/**
 * A text of anybody's, in any script: it stands where lines start here, runs in its own direction,
 * and is cut off where it ends.
 */
export function OneLine({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span className={cx("flex min-w-0", className)}>
      <span dir="auto" className="truncate">
        {children}
      </span>
    </span>
  );
}
