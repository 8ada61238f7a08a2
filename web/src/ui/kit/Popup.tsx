import type { ReactNode } from "react";
import { t } from "../../i18n";
import { ErrorBoundary } from "./ErrorBoundary";
import { warn } from "./toast";

interface Props {
  children: ReactNode;
  /** It is not there, so it need not be closed. Opened again, it is asked for again. */
  onFail: () => void;
}

/** Around what opens over a page and may still have to be fetched: where it fails, the page stays. */
export function Popup({ children, onFail }: Props) {
  return (
    <ErrorBoundary
      instead={() => null}
      onBroken={(isLoaded) => {
        warn(t(isLoaded ? "frame.crashed" : "kit.notLoaded"));
        onFail();
      }}
    >
      {children}
    </ErrorBoundary>
  );
}
