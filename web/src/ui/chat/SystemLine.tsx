import { cx } from "../kit/cx";

/** What happened, in the middle of what was said. */
export function SystemLine({ text, isFlashing }: { text: string; isFlashing: boolean }) {
  return (
    <p className="flex justify-center px-4 py-1 text-center text-sm text-muted">
      <span dir="auto" className={cx("rounded-full bg-surface/80 px-3 py-1", isFlashing && "flash")}>
        {text}
      </span>
    </p>
  );
}
