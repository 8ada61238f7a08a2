import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { SkeletonBubbles } from "./SkeletonBubbles";

interface Props {
  wasThere: boolean;
  failure: Failure | null;
  onRetry: () => void;
}

/** In the place of a chat that is not there: not yet, not any more, or never was. */
export function ChatGone({ wasThere, failure, onRetry }: Props) {
  if (failure && !wasThere && failure.code !== "not_found" && failure.code !== "forbidden") {
    return <ErrorState failure={failure} onRetry={onRetry} />;
  }
  if (!failure && !wasThere) return <SkeletonBubbles label={t("chat.loading")} />;
  return (
    <EmptyState
      icon="group"
      title={t(wasThere ? "chat.removed.title" : "chat.notFound.title")}
      text={t(wasThere ? "chat.removed.text" : "chat.notFound.text")}
    >
      <Button look="primary" onClick={() => replace(paths.chats())}>
        {t("frame.toChats")}
      </Button>
    </EmptyState>
  );
}
