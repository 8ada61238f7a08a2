import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { back } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { failureOf } from "../kit/failure";
import { IconButton } from "../kit/IconButton";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { useArrows } from "../kit/useArrows";
import { MessageHit } from "./MessageHit";

/** What was put aside to be found again. */
export function StarredScreen() {
  const { messages, hasMore, failure, isLoading, load } = useStarred();
  const list = useRef<HTMLUListElement>(null);
  const onArrow = useArrows(list);
  const starred = useMessenger((state) => state.starred);
  // A star that is taken off here or elsewhere takes its message along.
  const shown = messages.filter((message) => starred.has(message.id));
  const isEmpty = !isLoading && !failure && !hasMore && shown.length === 0;
  const isWaiting = useWaiting(isLoading && messages.length === 0);
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-1 border-line border-b bg-surface px-1">
        <IconButton icon="back" label={t("kit.back")} onClick={() => back(paths.chats())} />
        <h1 className="font-semibold text-lg">{t("search.starred")}</h1>
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto bg-surface px-2 py-2">
        {isEmpty && !isWaiting && (
          <EmptyState icon="star" title={t("search.noStars")} text={t("search.noStarsText")} />
        )}
        {shown.length > 0 && !isWaiting && (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys go from row to row
          <ul ref={list} aria-label={t("search.starred")} onKeyDown={onArrow}>
            {shown.map((message) => (
              <MessageHit key={message.id} message={message} words={[]} />
            ))}
          </ul>
        )}
        {(isWaiting || isLoading) && <SkeletonRows rows={4} />}
        {failure && <ErrorState failure={failure} onRetry={load} />}
        {hasMore && !isLoading && !failure && (
          <Button look="plain" className="w-full" onClick={load}>
            {t("search.more")}
          </Button>
        )}
      </div>
    </>
  );
}

function useStarred() {
  const { starredMessages } = useActions();
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLoading, setLoading] = useState(true);
  const ask = useCallback(
    async (from: string | undefined, isWanted: () => boolean) => {
      setLoading(true);
      setFailure(null);
      try {
        const page = await starredMessages(from);
        if (!isWanted()) return;
        setMessages((before) => (from === undefined ? page.items : [...before, ...page.items]));
        setCursor(page.nextCursor);
      } catch (error) {
        if (isWanted()) setFailure(failureOf(error));
      }
      if (isWanted()) setLoading(false);
    },
    [starredMessages],
  );
  useEffect(() => {
    let isHere = true;
    void ask(undefined, () => isHere);
    return () => {
      isHere = false;
    };
  }, [ask]);
  const load = () => void ask(cursor ?? undefined, () => true);
  return { messages, hasMore: Boolean(cursor), failure, isLoading, load };
}
