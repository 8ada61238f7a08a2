import { type ReactNode, useRef, useState } from "react";
import { failureOf } from "../kit/failure";
import { StepUpDialog } from "./StepUpDialog";

export interface StepUp {
  /** Does it, and does it again once the user has proven who they are, if that is asked for. */
  guard: <T>(work: () => Promise<T>) => Promise<T>;
  /** To be rendered anywhere. */
  dialog: ReactNode;
}

export function useStepUp(): StepUp {
  const [isAsking, setAsking] = useState(false);
  const proven = useRef<(isProven: boolean) => void>(() => {});

  const ask = () =>
    new Promise<boolean>((resolve) => {
      proven.current = resolve;
      setAsking(true);
    });
  const end = (isProven: boolean) => {
    setAsking(false);
    proven.current(isProven);
  };

  return {
    async guard(work) {
      try {
        return await work();
      } catch (error) {
        if (failureOf(error).code !== "step_up_required" || !(await ask())) throw error;
        return work();
      }
    },
    dialog: isAsking && <StepUpDialog onProven={() => end(true)} onClose={() => end(false)} />,
  };
}
