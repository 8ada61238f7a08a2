import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { Button } from "../kit/Button";
import { useCountdown } from "../kit/countdown";
import { Icon } from "../kit/Icon";

interface Props {
  action: string;
  isBusy: boolean;
  failure: Failure | null;
  /** What happened, where the general words would not do. */
  words: (failure: Failure) => string;
}

/** What went wrong as a whole, and the button; it waits with the server that asks to wait. */
export function FormEnd({ action, isBusy, failure, words }: Props) {
  const seconds = useCountdown(failure);
  const isOver = failure?.code === "rate_limited" && seconds === 0;
  return (
    <div>
      <div role="alert">
        {failure && !isOver && (
          <p className="flex mb-4 gap-2 rounded-xl bg-danger-soft p-3 text-sm text-danger">
            <Icon name="alert" size={18} className="mt-0.5" />
            <span className="min-w-0 wrap-anywhere">{words(failure)}</span>
          </p>
        )}
      </div>
      <Button type="submit" look="primary" isBusy={isBusy} disabled={seconds > 0} className="w-full">
        {action}
        {seconds > 0 && <span aria-hidden="true">({t("signin.seconds", { seconds })})</span>}
      </Button>
    </div>
  );
}
