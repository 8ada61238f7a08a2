import { useIsAway } from "../frame/away";
import { useMessenger } from "../frame/messenger";
import { cx } from "../kit/cx";
import { statusOf } from "./status";

/** The state of the connection, once it is worth telling: in the place of a title, so nothing moves. */
export function StatusChip() {
  const status = useMessenger(statusOf);
  const isTold = useIsAway();
  return (
    <div role="status" className="pointer-events-none flex h-6 min-w-0 items-center">
      <span
        data-told={isTold || undefined}
        className={cx(
          "truncate rounded-full bg-warning-soft px-2.5 py-0.5 text-xs font-medium text-warning transition-opacity",
          !isTold && "opacity-0",
        )}
      >
        {isTold && status}
      </span>
    </div>
  );
}
