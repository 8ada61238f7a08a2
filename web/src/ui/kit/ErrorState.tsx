import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { Button } from "./Button";
import { useCountdown } from "./countdown";
import { wordsFor } from "./failure";
import { Icon } from "./Icon";

interface Props {
  failure: Failure;
  onRetry: () => void;
}

/** In the place of what could not be had. */
export function ErrorState({ failure, onRetry }: Props) {
  const seconds = useCountdown(failure);
  return (
    <div
      role="alert"
      className="m-auto flex max-w-[min(20rem,100%)] flex-col items-center gap-3 p-6 text-center wrap-anywhere"
    >
      <Icon name="alert" size={32} className="text-danger" />
      <p>{wordsFor(failure)}</p>
      <Button look="soft" icon="retry" disabled={seconds > 0} onClick={onRetry}>
        {seconds > 0 ? t("kit.tryAgainIn", { seconds }) : t("kit.tryAgain")}
      </Button>
    </div>
  );
}
