import { useEffect } from "react";
import { look } from "../../shell/ears";
import { useActions } from "./messenger";
import { go } from "./navigation";
import { noticesOf } from "./notices";
import { preferences } from "./preferences";
import { useShell } from "./shell";

function isSeen(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Lets the other tabs know while somebody looks at this one. */
function watchEyes(): () => void {
  let stopLooking: (() => void) | null = null;
  const update = () => {
    if (isSeen() === (stopLooking !== null)) return;
    stopLooking?.();
    stopLooking = isSeen() ? look() : null;
  };
  const off = new AbortController();
  const { signal } = off;
  for (const name of ["focus", "blur"]) window.addEventListener(name, update, { signal });
  document.addEventListener("visibilitychange", update, { signal });
  update();
  return () => {
    off.abort();
    stopLooking?.();
  };
}

/** Tells of new messages while nobody looks; several tabs tell it once, by the tag. */
export function useNotifications(): void {
  const { store } = useActions();
  const { notifications } = useShell();
  useEffect(
    () =>
      store.subscribe((after, before) => {
        const { notifies, previews } = preferences.getState();
        if (!notifies || isSeen() || notifications.permission() !== "granted") return;
        for (const notice of noticesOf(before, after, previews, Date.now())) void notifications.show(notice);
      }),
    [store, notifications],
  );
  useEffect(watchEyes, []);
  useEffect(() => notifications.onOpen(go), [notifications]);
  useEffect(() => {
    const clear = () => void notifications.clear();
    window.addEventListener("focus", clear);
    return () => window.removeEventListener("focus", clear);
  }, [notifications]);
}
