import { cx } from "./cx";
import { useLate } from "./late";

interface Props {
  rows: number;
}

const WIDTHS = ["w-2/5", "w-3/5", "w-1/2", "w-2/3"];

/** Rows as high as those to come, shown only when these are late. */
export function SkeletonRows({ rows }: Props) {
  const isLate = useLate(true);
  return (
    <div aria-hidden="true" className={cx("breathe", !isLate && "invisible")}>
      {Array.from({ length: rows }, (_, row) => WIDTHS[row % WIDTHS.length]).map((width, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move
        <div key={row} className="flex h-18 items-center gap-3 px-4">
          <div className="size-12 shrink-0 rounded-full bg-sunken" />
          <div className="flex-1">
            <div className="mb-2 h-3 w-1/3 rounded bg-sunken" />
            <div className={cx("h-3 rounded bg-sunken", width)} />
          </div>
        </div>
      ))}
    </div>
  );
}
