import { useRef, useState } from "react";
import type { Failure } from "../../sync/model";
import { failureOf } from "./failure";

export interface Submit {
  isBusy: boolean;
  /** Why it was not done. */
  failure: Failure | null;
  /** One at a time. Never rejects. */
  submit: (work: () => Promise<unknown>) => Promise<void>;
}

/** Something that is asked for and may be refused. `onRefused`: where else than in `failure` to say so. */
export function useSubmit(onRefused?: (failure: Failure) => void): Submit {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isRunning = useRef(false);
  const submit = async (work: () => Promise<unknown>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      const refused = failureOf(error);
      // Who was asked for a proof and gave none has called it off.
      if (refused.code !== "step_up_required") (onRefused ?? setFailure)(refused);
    }
    isRunning.current = false;
    setBusy(false);
  };
  return { isBusy, failure, submit };
}
