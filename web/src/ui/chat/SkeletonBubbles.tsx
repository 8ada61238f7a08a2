import { cx } from "../kit/cx";
import { useLate } from "../kit/late";

const SHAPES = ["w-1/2", "w-1/3", "w-3/5 ms-auto", "w-2/5", "w-1/2 ms-auto", "w-1/3 ms-auto"];

/** Where messages will be, once they are late. */
export function SkeletonBubbles({ label }: { label: string }) {
  const isLate = useLate(true);
  return (
    <div
      aria-live="polite"
      className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden px-3 pb-3 wide:px-6"
    >
      {isLate && (
        <>
          <span className="sr-only">{label}</span>
          {SHAPES.map((shape) => (
            <div
              key={shape}
              aria-hidden="true"
              className={cx("breathe mx-0 mt-2 h-11 max-w-110 shrink-0 rounded-2xl bg-bubble-other", shape)}
            />
          ))}
        </>
      )}
    </div>
  );
}
