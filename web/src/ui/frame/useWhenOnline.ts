import { useEffect, useRef } from "react";
import { useActions } from "./messenger";

/** Runs it whenever the connection has come back. */
export function useWhenOnline(work: () => void): void {
  const { store } = useActions();
  const latest = useRef(work);
  latest.current = work;
  useEffect(
    () =>
      store.subscribe(({ connection }, { connection: before }) => {
        if (connection.name === "online" && before.name !== "online") latest.current();
      }),
    [store],
  );
}
