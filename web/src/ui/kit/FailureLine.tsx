import type { Failure } from "../../sync/model";
import { wordsFor } from "./failure";
import { Icon } from "./Icon";

interface Props {
  failure: Failure | null;
  /** What happened, where the general words would not do. */
  words?: (failure: Failure) => string;
}

/** Says above a form why it was refused. The region is there from the start, so that it is heard. */
export function FailureLine({ failure, words = wordsFor }: Props) {
  return (
    <div role="alert" className="empty:absolute">
      {failure && (
        <p className="mb-3 flex gap-2 rounded-xl bg-danger-soft p-3 text-sm text-danger">
          <Icon name="alert" size={18} className="mt-0.5" />
          <span className="min-w-0 wrap-anywhere">{words(failure)}</span>
        </p>
      )}
    </div>
  );
}
