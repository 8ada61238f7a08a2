import { useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useLinkToken } from "../frame/linkToken";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { useCountdown } from "../kit/countdown";
import { failureOf, wordsFor } from "../kit/failure";
import { DoorFrame } from "../signin/DoorFrame";
import { Outcome } from "./Outcome";
import { isSpent } from "./spent";
import { ToStart } from "./ToStart";

type State = "asking" | "working" | "done" | Failure;

/** No more letters about missed messages; asked first, since programs open links, too. */
export function Unsubscribe() {
  const actions = useActions();
  const token = useLinkToken();
  const [state, setState] = useState<State>("asking");
  const unsubscribe = async () => {
    if (token === null) return;
    setState("working");
    await actions.unsubscribe(token).then(
      () => setState("done"),
      (error) => setState(failureOf(error)),
    );
  };
  return (
    <DoorFrame title={t("account.unsubscribeTitle")}>
      {state === "done" ? (
        <Outcome icon="check" text={t("account.unsubscribeDone")}>
          <ToStart />
        </Outcome>
      ) : token === null || (typeof state === "object" && isSpent(state)) ? (
        <Outcome icon="alert" isBad text={t("account.unsubscribeBad")}>
          <ToStart />
        </Outcome>
      ) : typeof state === "object" ? (
        <Failed failure={state} onRetry={() => void unsubscribe()} />
      ) : (
        <div className="flex flex-col items-center gap-4 text-center">
          <p>{t("account.unsubscribeText")}</p>
          <Button look="primary" disabled={state === "working"} onClick={() => void unsubscribe()}>
            {t(state === "working" ? "account.working" : "account.unsubscribe")}
          </Button>
        </div>
      )}
    </DoorFrame>
  );
}

function Failed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const seconds = useCountdown(failure);
  return (
    <Outcome icon="alert" isBad text={wordsFor(failure)}>
      <Button look="primary" icon="retry" disabled={seconds > 0} onClick={onRetry}>
        {seconds > 0 ? t("kit.tryAgainIn", { seconds }) : t("kit.tryAgain")}
      </Button>
    </Outcome>
  );
}
