import { t } from "../../i18n";
import type { Edge } from "../../sync/model";
import { Button } from "../kit/Button";
import { cx } from "../kit/cx";
import { useLate } from "../kit/late";

interface Props {
  edge: Edge;
  side: "older" | "newer";
  onRetry: () => void;
}

const WIDTHS = ["w-1/2", "w-2/5", "w-3/5"];

/** In the room that the list leaves at its ends, so that nothing moves when it comes or goes. */
export function EdgeState({ edge, side, onRetry }: Props) {
  const isLate = useLate(edge === "loading");
  if (edge !== "failed" && !isLate) return null;
  return (
    <div
      className={cx(
        "pointer-events-none inset-x-0 z-1 mx-auto flex h-48 max-w-240 flex-col gap-2 px-3 wide:px-6",
        side === "older" ? "absolute top-0 justify-end" : "sticky bottom-0 h-0 justify-end",
      )}
    >
      {edge === "failed" ? (
        <div role="alert" className="pointer-events-auto flex items-center justify-center gap-2 p-2">
          <span className="text-muted text-sm">{t("chat.pageFailed")}</span>
          <Button look="soft" icon="retry" onClick={onRetry}>
            {t("kit.tryAgain")}
          </Button>
        </div>
      ) : (
        side === "older" &&
        WIDTHS.map((width) => (
          <div
            key={width}
            aria-hidden="true"
            className={cx("breathe h-11 rounded-2xl bg-bubble-other", width)}
          />
        ))
      )}
    </div>
  );
}
