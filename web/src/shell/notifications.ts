/** Notifications of the browser: by the service worker, which outlives the page and hears clicks. */

import * as v from "valibot";
import { pathOf } from "../sw/path";
import type { Notice, Notifications, Permission } from ".";

const ICON = "/icons/icon-192.png";
const clicked = v.object({ open: v.pipe(v.string(), v.startsWith("/"), v.regex(/^\/(?!\/)/)) });

export function createNotifications(): Notifications {
  const listeners = new Set<(path: string) => void>();
  const open = (path: string) => {
    for (const listener of listeners) listener(path);
  };
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    const read = v.safeParse(clicked, data);
    if (read.success) open(read.output.open);
  });

  return {
    permission,
    async ask() {
      return permission() === "default" ? Notification.requestPermission() : permission();
    },
    async show(notice) {
      if (permission() !== "granted") return;
      const worker = await registration();
      if (worker) await worker.showNotification(notice.title, optionsOf(notice));
      else showFromPage(notice, open);
    },
    async clear(chatId) {
      const shown = (await (await registration())?.getNotifications()) ?? [];
      for (const notification of shown) {
        if (chatId === undefined || notification.data?.chatId === chatId) notification.close();
      }
    },
    onOpen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function permission(): Permission {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return navigator.serviceWorker?.getRegistration();
}

function optionsOf({ body, tag, chatId }: Notice): NotificationOptions {
  return { body, tag, icon: ICON, badge: ICON, data: { chatId } };
}

function showFromPage(notice: Notice, open: (path: string) => void) {
  const notification = new Notification(notice.title, optionsOf(notice));
  notification.onclick = () => {
    window.focus();
    notification.close();
    open(pathOf(notice.chatId));
  };
}
