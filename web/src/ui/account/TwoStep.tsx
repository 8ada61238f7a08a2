import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { toast, warn } from "../kit/toast";
import { RecoveryCodes } from "./RecoveryCodes";
import { TotpSetup } from "./TotpSetup";
import { useStepUp } from "./useStepUp";

type Stage =
  | { name: "asking" }
  | { name: "setup"; secret: string; uri: string }
  | { name: "in-use" }
  | { name: "codes"; codes: readonly string[] }
  | { name: "failed"; failure: Failure };

/** One-time codes at each sign-in: setting them up, or what there is to do once they are in use. */
export function TwoStep({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const { guard, dialog } = useStepUp();
  const [stage, setStage] = useState<Stage>({ name: "asking" });
  const latest = useRef({ guard, onClose });
  latest.current = { guard, onClose };

  const begin = useCallback(async () => {
    setStage({ name: "asking" });
    try {
      setStage({ name: "setup", ...(await latest.current.guard(actions.setUpTotp)) });
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === "step_up_required") latest.current.onClose();
      else setStage(failure.code === "conflict" ? { name: "in-use" } : { name: "failed", failure });
    }
  }, [actions]);
  const hasBegun = useRef(false);
  useEffect(() => {
    if (!hasBegun.current) void begin();
    hasBegun.current = true;
  }, [begin]);

  const isWaiting = useWaiting(stage.name === "asking");
  return (
    <>
      <Dialog title={t("account.twoStep")} onClose={onClose} holds={stage.name === "codes"}>
        {isWaiting && <SkeletonRows rows={3} />}
        {stage.name === "failed" && <ErrorState failure={stage.failure} onRetry={() => void begin()} />}
        {!isWaiting && stage.name === "setup" && (
          <TotpSetup
            secret={stage.secret}
            uri={stage.uri}
            onEnabled={(codes) => setStage({ name: "codes", codes })}
          />
        )}
        {stage.name === "codes" && <RecoveryCodes codes={stage.codes} onDone={onClose} />}
        {!isWaiting && stage.name === "in-use" && (
          <InUse guard={guard} onCodes={(codes) => setStage({ name: "codes", codes })} onOff={onClose} />
        )}
      </Dialog>
      {dialog}
    </>
  );
}

interface InUseProps {
  guard: ReturnType<typeof useStepUp>["guard"];
  onCodes: (codes: readonly string[]) => void;
  onOff: () => void;
}

function InUse({ guard, onCodes, onOff }: InUseProps) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== "step_up_required") warn(wordsFor(failure));
    }
    setBusy(false);
  };
  const renew = async () => onCodes(await guard(actions.renewRecoveryCodes));
  const turnOff = async () => {
    await guard(actions.disableTotp);
    toast(t("account.twoStepOff"));
    onOff();
  };
  return (
    <div className="flex flex-col gap-4">
      <p>{t("account.twoStepInUse")}</p>
      <Button isBusy={isBusy} onClick={() => void attempt(renew)}>
        {t("account.newCodes")}
      </Button>
      <Button look="danger-plain" disabled={isBusy} onClick={() => void attempt(turnOff)}>
        {t("account.turnOff")}
      </Button>
    </div>
  );
}
