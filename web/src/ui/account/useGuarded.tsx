import type { ReactNode } from "react";
import type { Failure } from "../../sync/model";
import { type Submit, useSubmit } from "../kit/useSubmit";
import { useStepUp } from "./useStepUp";

/** `useSubmit` for what may need a proof of who asks; `dialog` is to be rendered anywhere. */
export function useGuarded(onRefused?: (failure: Failure) => void): Submit & { dialog: ReactNode } {
  const { guard, dialog } = useStepUp();
  const { submit, ...state } = useSubmit(onRefused);
  return { ...state, submit: (work) => submit(() => guard(work)), dialog };
}
