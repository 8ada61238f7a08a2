import { useEffect } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import { look } from "../../shell/ears";
import { isLookedAt } from "./lookedAt";
import { useActions } from "./messenger";
import { go } from "./navigation";
import { noticesOf, settledOf } from "./notices";
import { preferences } from "./preferences";
import { useShell } from "./shell";

/** Lets the other tabs know while somebody looks at this one. */
function watchEyes(): () => void {
  let stopLooking: (() => void) | null = null;
  const update = () => {
    if (isLookedAt() === (stopLooking !== null)) return;
    stopLooking?.();
    stopLooking = isLookedAt() ? look() : null;
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
        const settled = settledOf(before, after);
        const news = notifies && !isLookedAt() ? noticesOf(before, after, previews, Date.now()) : [];
        // Asking the browser takes long, and the state changes at each letter that is typed.
        if (settled.length + news.length === 0 || notifications.permission() !== "granted") return;
        for (const chatId of settled) void notifications.clear(chatId);
        for (const notice of news) void notifications.show(notice);
      }),
    [store, notifications],
  );
  const notifies = useStore(preferences, (all) => all.notifies);
  const previews = useStore(preferences, (all) => all.previews);
  useEffect(() => {
    void notifications.heed({ notifies, instead: previews ? null : t("frame.newMessage") });
  }, [notifications, notifies, previews]);
  useEffect(watchEyes, []);
  useEffect(() => notifications.onOpen(go), [notifications]);
  useEffect(() => {
    const clear = () => void notifications.clear();
    window.addEventListener("focus", clear);
    return () => window.removeEventListener("focus", clear);
  }, [notifications]);
}
