import { Component, type ReactNode } from "react";
import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";

interface Props {
  children: ReactNode;
}

/** One per pane: where one breaks, the others go on. Drafts are on disk at each key. */
export class ErrorBoundary extends Component<Props, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert" className="flex h-full">
        <EmptyState icon="alert" title={t("frame.crashed")} text={t("frame.crashedText")}>
          <Button look="primary" icon="retry" onClick={() => location.reload()}>
            {t("kit.reload")}
          </Button>
        </EmptyState>
      </div>
    );
  }
}
