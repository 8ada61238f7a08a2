import { useSyncExternalStore } from "react";

/** Whether the window is like that, now and as it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Room for the list beside the chat. */
export const WIDE = "(min-width: 900px)";
/** Room for a third pane. */
export const EXTRA_WIDE = "(min-width: 1200px)";
