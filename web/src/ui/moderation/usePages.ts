import { useCallback, useEffect, useRef, useState } from "react";
import type { Failure } from "../../sync/model";
import type { Staff } from "../../sync/staff";
import { useActions } from "../frame/messenger";
import { failureOf } from "../kit/failure";

interface Pages<T> {
  items: readonly T[] | null;
  hasMore: boolean;
  failure: Failure | null;
  loadMore: () => void;
  reload: () => void;
}

/** A list of the server, page by page. `ask` is another one whenever another list is meant. */
export function usePages<T>(
  ask: (staff: Staff, cursor?: string) => Promise<{ items: T[]; nextCursor: string | null }>,
): Pages<T> {
  const actions = useActions();
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const turn = useRef(0);

  const load = useCallback(
    async (from: string | null, known: readonly T[]) => {
      turn.current += 1;
      const mine = turn.current;
      setFailure(null);
      try {
        const page = await ask(await actions.staff(), from ?? undefined);
        if (turn.current !== mine) return;
        setItems([...known, ...page.items]);
        setCursor(page.nextCursor);
      } catch (error) {
        if (turn.current === mine) setFailure(failureOf(error));
      }
    },
    [actions, ask],
  );
  const reload = useCallback(() => void load(null, []), [load]);
  useEffect(() => {
    setItems(null);
    reload();
  }, [reload]);
  return {
    items,
    hasMore: cursor !== null,
    failure,
    loadMore: () => cursor !== null && void load(cursor, items ?? []),
    reload,
  };
}
