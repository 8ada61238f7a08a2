import type { ReactNode } from "react";
import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import type { IconName } from "../kit/icons";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import type { usePages } from "./usePages";

interface Props<T> {
  label: string;
  pages: ReturnType<typeof usePages<T>>;
  icon: IconName;
  /** Said where there is nothing. */
  none: string;
  row: (item: T) => ReactNode;
}

export function PagedList<T>({ label, pages, icon, none, row }: Props<T>) {
  const { items, hasMore, failure, loadMore, reload } = pages;
  const isWaiting = useWaiting(items === null && !failure);
  return (
    <>
      {items && items.length > 0 && !isWaiting && (
        <ul aria-label={label} className="flex flex-col gap-2">
          {items.map(row)}
        </ul>
      )}
      {failure ? (
        <ErrorState failure={failure} onRetry={items ? loadMore : reload} />
      ) : items === null || isWaiting ? (
        <SkeletonRows rows={3} />
      ) : (
        items.length === 0 && <EmptyState icon={icon} title={none} />
      )}
      {hasMore && !failure && <Button onClick={loadMore}>{t("moderation.more")}</Button>}
    </>
  );
}
