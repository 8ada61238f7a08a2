import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { MessageHit } from "./MessageHit";
import type { MessageSearch } from "./useMessageSearch";

interface Props {
  search: MessageSearch;
  words: readonly string[];
  /** Whether there is something else that was found. */
  hasOthers: boolean;
  /** Whether something else is still looked for. */
  isSearching: boolean;
}

/** The messages that were found, and how far that can be believed. */
export function MessageHits({ search, words, hasOthers, isSearching }: Props) {
  const { items, isLocal, hasMore, isLoading, failure } = search;
  const isWaiting = useWaiting(isLoading && items.length === 0);
  const isNothing = items.length === 0 && !isLoading && !isSearching && !isWaiting;
  return (
    <>
      {items.length > 0 && !isWaiting && (
        <section className="pt-3">
          <div className="flex min-h-6 flex-wrap items-center justify-between gap-2 px-2 pb-1">
            <h2 className="font-semibold text-muted text-sm">{t("search.messages")}</h2>
            {isLocal && <OnDevice />}
          </div>
          {failure && <Unasked failure={failure} onRetry={search.retry} />}
          <ul aria-label={t("search.messages")}>
            {items.map((message) => (
              <MessageHit key={message.id} message={message} words={words} />
            ))}
          </ul>
        </section>
      )}
      {(isWaiting || (isLoading && !isLocal)) && <SkeletonRows rows={4} />}
      {hasMore && !isLoading && (
        <Button look="plain" className="w-full" onClick={() => void search.more()}>
          {t("search.more")}
        </Button>
      )}
      {isNothing && failure && failure.code !== "offline" && (
        <ErrorState failure={failure} onRetry={search.retry} />
      )}
      {isNothing && failure?.code === "offline" && !hasOthers && (
        <EmptyState icon="search" title={t("search.nothingHere")} text={t("search.offline")}>
          <Button icon="retry" onClick={search.retry}>
            {t("kit.tryAgain")}
          </Button>
        </EmptyState>
      )}
      {isNothing && !failure && !hasOthers && (
        <EmptyState icon="search" title={t("search.nothing")} text={t("search.nothingText")} />
      )}
    </>
  );
}

function OnDevice() {
  return (
    <span className="inline-flex items-center gap-1 rounded-full bg-sunken px-2 py-0.5 text-muted text-xs">
      <Icon name="device" size={14} />
      {t("search.onDevice")}
    </span>
  );
}

/** There is more than this, only not now. */
function Unasked({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const isOffline = failure.code === "offline";
  return (
    <div aria-live="polite" className="flex items-center justify-between gap-2 px-2 pb-1 text-muted text-sm">
      <p>{isOffline ? t("search.offline") : t("search.onlyDevice", { reason: wordsFor(failure) })}</p>
      <Button look="plain" className="shrink-0" onClick={onRetry}>
        {t("kit.tryAgain")}
      </Button>
    </div>
  );
}
