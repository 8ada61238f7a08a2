import { useCallback, useEffect, useState } from "react";
import type { Failure } from "../../sync/model";
import type { Settings, UpdateSettings } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { failureOf, wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";

interface Chosen {
  /** Null until they are known. */
  settings: Settings | null;
  failure: Failure | null;
  retry: () => void;
  change: (patch: UpdateSettings) => void;
}

/** The choices that hold on all devices. */
export function useSettings(): Chosen {
  const actions = useActions();
  const known = useMessenger((state) => state.settings);
  const [first, setFirst] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isKnown = known !== null;
  const load = useCallback(() => {
    if (isKnown) return;
    setFailure(null);
    actions.settings().then(setFirst, (error) => setFailure(failureOf(error)));
  }, [actions, isKnown]);
  useEffect(load, [load]);
  return {
    settings: known ?? first,
    failure,
    retry: load,
    change: (patch) => {
      actions.updateSettings(patch).catch((error) => warn(wordsFor(failureOf(error))));
    },
  };
}
