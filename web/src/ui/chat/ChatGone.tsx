import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { ChatId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { LostTexts } from "./LostTexts";
import { SkeletonBubbles } from "./SkeletonBubbles";

interface Props {
  chatId: ChatId;
  wasThere: boolean;
  failure: Failure | null;
  onRetry: () => void;
}

const WHY = {
  left: "chat.removed.left",
  removed: "chat.removed.removed",
  deleted: "chat.removed.deleted",
  text: "chat.removed.text",
} as const;

/** In the place of a chat that is not there: not yet, not any more, or never was. */
export function ChatGone({ chatId, wasThere, failure, onRetry }: Props) {
  const lost = useMessenger((state) => state.lost[chatId]);
  const reason = useMessenger((state) => state.gone[chatId]);
  if (failure && !wasThere && failure.code !== "not_found" && failure.code !== "forbidden") {
    return <ErrorState failure={failure} onRetry={onRetry} />;
  }
  if (!failure && !wasThere) return <SkeletonBubbles label={t("chat.loading")} />;
  return (
    <EmptyState
      icon="group"
      title={t(wasThere ? "chat.removed.title" : "chat.notFound.title")}
      text={t(wasThere ? WHY[reason ?? "text"] : "chat.notFound.text")}
    >
      {lost && <LostTexts lost={lost} />}
      <Button look="primary" onClick={() => replace(paths.chats())}>
        {t("frame.toChats")}
      </Button>
    </EmptyState>
  );
}
