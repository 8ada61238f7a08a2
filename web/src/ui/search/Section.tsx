import { type ReactElement, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { Button } from "../kit/Button";

const MOST = 5;

interface Props {
  title: string;
  /** What was asked for: something else is shown from its beginning. */
  query: string;
  /** A row each. */
  children: ReactElement[];
  /** Where there are others that are not here yet. */
  onMore?: (() => Promise<void>) | null;
}

/** What was found of one kind: the first of it, and all of it where that is wished. */
export function Section({ title, query, children: rows, onMore = null }: Props) {
  const [openedFor, setOpenedFor] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const isOpened = openedFor === query;
  const hasMore = isOpened ? onMore !== null : rows.length > MOST || onMore !== null;
  useEffect(() => {
    // The button had it, and is gone.
    if (isOpened) list.current?.children[MOST]?.querySelector<HTMLElement>("a, button")?.focus();
  }, [isOpened]);
  if (rows.length === 0) return null;
  return (
    <section className="pt-3">
      <h2 className="px-2 pb-1 font-semibold text-muted text-sm">{title}</h2>
      <ul ref={list} aria-label={title}>
        {isOpened ? rows : rows.slice(0, MOST)}
      </ul>
      {hasMore && (
        <Button
          look="plain"
          className="w-full"
          aria-label={t(isOpened ? "search.moreOf" : "search.allOf", { what: title })}
          onClick={() => (isOpened ? void onMore?.() : setOpenedFor(query))}
        >
          {t(isOpened ? "search.more" : "search.all")}
        </Button>
      )}
    </section>
  );
}
