import { useEffect, useState } from "react";
import { type TextId, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useLinkToken } from "../frame/linkToken";
import { useActions } from "../frame/messenger";
import type { DoorName } from "../frame/paths";
import { Button } from "../kit/Button";
import { useCountdown } from "../kit/countdown";
import { failureOf, wordsFor } from "../kit/failure";
import { Spinner } from "../kit/Spinner";
import { DoorFrame } from "../signin/DoorFrame";
import { Outcome } from "./Outcome";
import { isSpent } from "./spent";
import { ToStart } from "./ToStart";

type Kind = Exclude<DoorName, "forgot" | "reset" | "unsubscribe">;

const WORDS = {
  verify: { title: "account.verifyTitle", done: "account.verifyDone" },
  "confirm-email": { title: "account.confirmTitle", done: "account.confirmDone" },
  "revert-email": { title: "account.revertTitle", done: "account.revertDone" },
} as const satisfies Record<Kind, { title: TextId; done: TextId }>;

type State = "working" | "done" | Failure;

/** A link that does something by being opened. */
export function Letter({ kind }: { kind: Kind }) {
  const { state, retry } = useLetter(kind);
  return (
    <DoorFrame title={t(WORDS[kind].title)}>
      {state === "working" ? (
        <div className="flex items-center justify-center gap-3 py-6 text-accent">
          <Spinner />
          <p className="text-muted">{t("account.working")}</p>
        </div>
      ) : state === "done" ? (
        <Outcome icon="check" text={t(WORDS[kind].done)}>
          <ToStart />
        </Outcome>
      ) : isSpent(state) ? (
        <Outcome icon="clock" isBad text={t("account.linkSpent")}>
          <ToStart />
        </Outcome>
      ) : (
        <Failed failure={state} onRetry={retry} />
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

/** Its key works once, so it is used once, however often the page is drawn. */
let used: { token: string; outcome: Promise<void> } | null = null;

function useLetter(kind: Kind) {
  const actions = useActions();
  const [state, setState] = useState<State>("working");
  const [tries, setTries] = useState(0);
  const token = useLinkToken();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let isHere = true;
    setState("working");
    if (token === null) return setState(SPENT);
    const ways = {
      verify: "verifyEmail",
      "confirm-email": "confirmEmail",
      "revert-email": "revertEmail",
    } as const;
    if (used?.token !== token) used = { token, outcome: actions[ways[kind]](token) };
    used.outcome.then(
      () => isHere && setState("done"),
      (error) => isHere && setState(failureOf(error)),
    );
    return () => {
      isHere = false;
    };
  }, [actions, kind, token, tries]);
  const retry = () => {
    used = null;
    setTries((count) => count + 1);
  };
  return { state, retry };
}

const SPENT: Failure = {
  code: "gone",
  message: "",
  fields: {},
  hint: null,
  retryAfterMs: null,
  isRetryable: false,
};
