/** Notifications of the browser: by the service worker, which outlives the page and hears clicks. */

import * as v from "valibot";
import { keepChoices } from "../sw/choices";
import { pathOf, WHERE } from "../sw/path";
import type { Notice, Notifications, Permission } from ".";
import { type Ears, isLookedAt } from "./ears";

const ICON = "/icons/icon-192.png";
const clicked = v.object({ open: v.pipe(v.string(), v.startsWith("/"), v.regex(/^\/(?!\/)/)) });

export function createNotifications(ears: Pick<Ears, "isHeld">): Notifications {
  const listeners = new Set<(path: string) => void>();
  let unheard: string | null = null;
  const open = (path: string) => {
    // A tab that is still starting goes there once it has started.
    unheard = listeners.size === 0 ? path : null;
    for (const listener of listeners) listener(path);
  };
  navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
    if (data === WHERE) ports[0]?.postMessage(location.pathname);
    const read = v.safeParse(clicked, data);
    if (read.success) open(read.output.open);
  });

  return {
    permission,
    async ask() {
      return permission() === "default" ? Notification.requestPermission() : permission();
    },
    async show(notice) {
      if (permission() !== "granted" || (await isLookedAt())) return;
      const options = optionsOf(notice, ears.isHeld());
      const worker = await registration();
      if (worker) await worker.showNotification(notice.title, options);
      else showFromPage(notice, options, open);
    },
    async clear(chatId) {
      const shown = (await (await registration())?.getNotifications()) ?? [];
      for (const notification of shown) {
        if (chatId === undefined || notification.data?.chatId === chatId) notification.close();
      }
    },
    heed: keepChoices,
    onOpen(listener) {
      listeners.add(listener);
      if (unheard !== null) open(unheard);
      return () => listeners.delete(listener);
    },
  };
}

export function permission(): Permission {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  // Where the browser may keep nothing, it refuses to look.
  return navigator.serviceWorker?.getRegistration().catch(() => undefined);
}

/** What TypeScript does not know of yet. */
interface Options extends NotificationOptions {
  renotify: boolean;
}

/** `isLoud`: also where it takes the place of another. Of several tabs only one may be. */
export function optionsOf({ body, tag, chatId }: Notice, isLoud: boolean): Options {
  return { body, tag, renotify: isLoud, icon: ICON, badge: ICON, data: { chatId } };
}

function showFromPage(notice: Notice, options: Options, open: (path: string) => void) {
  const notification = new Notification(notice.title, options);
  notification.onclick = () => {
    window.focus();
    notification.close();
    open(pathOf(notice.chatId));
  };
}
