import { Component, type ReactNode } from "react";
import { askAnew, NotLoaded } from "./later";

interface Props {
  children: ReactNode;
  /** In the place of what broke. `again` tries once more. */
  instead: (failed: { isLoaded: boolean; again: () => void }) => ReactNode;
  /** What is shown: of something else it is tried again. */
  of?: unknown;
  onBroken?: (isLoaded: boolean) => void;
}

interface State {
  error: unknown;
}

const WHOLE: State = { error: null };

/** Where something in it breaks, all around it goes on. Drafts are on disk at each key. */
export class ErrorBoundary extends Component<Props, State> {
  override state = WHOLE;

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override componentDidCatch(error: unknown) {
    askAnew();
    this.props.onBroken?.(!(error instanceof NotLoaded));
  }

  override componentDidUpdate({ of }: Props) {
    // oxlint-disable-next-line react/no-did-update-set-state -- only what broke is drawn once more
    if (this.state.error !== null && of !== this.props.of) this.setState(WHOLE);
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return this.props.instead({
      isLoaded: !(error instanceof NotLoaded),
      again: () => this.setState(WHOLE),
    });
  }
}
