import { useEffect } from "react";
import { useActions } from "./messenger";
import { go } from "./navigation";
import { noticesOf } from "./notices";
import { preferences } from "./preferences";
import { useShell } from "./shell";

/** Tells of new messages while nobody looks; several tabs tell it once, by the tag. */
export function useNotifications(): void {
  const { store } = useActions();
  const { notifications } = useShell();
  useEffect(
    () =>
      store.subscribe((after, before) => {
        const { notifies, previews } = preferences.getState();
        const isSeen = document.visibilityState === "visible" && document.hasFocus();
        if (!notifies || isSeen || notifications.permission() !== "granted") return;
        for (const notice of noticesOf(before, after, previews, Date.now())) void notifications.show(notice);
      }),
    [store, notifications],
  );
  useEffect(() => notifications.onOpen(go), [notifications]);
  useEffect(() => {
    const clear = () => void notifications.clear();
    window.addEventListener("focus", clear);
    return () => window.removeEventListener("focus", clear);
  }, [notifications]);
}
