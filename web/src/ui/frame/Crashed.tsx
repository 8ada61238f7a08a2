import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { go } from "./navigation";
import { paths } from "./paths";

interface Props {
  /** False: a part of the client did not come over the network. */
  isLoaded: boolean;
  again: () => void;
  /** Whether the chats are another place than this one. */
  canLeave?: boolean;
}

/** In the place of a pane, or of everything, that broke. */
export function Crashed({ isLoaded, again, canLeave = false }: Props) {
  return (
    <div role="alert" className="flex h-full">
      <EmptyState
        icon="alert"
        title={t(isLoaded ? "frame.crashed" : "kit.notLoaded")}
        text={t(isLoaded ? "frame.crashedText" : "failure.offline")}
      >
        <Button look="primary" icon="retry" onClick={isLoaded ? () => location.reload() : again}>
          {t(isLoaded ? "kit.reload" : "kit.tryAgain")}
        </Button>
        {canLeave && <Button onClick={() => go(paths.chats())}>{t("frame.toChats")}</Button>}
      </EmptyState>
    </div>
  );
}
