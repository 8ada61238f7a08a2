/** The service worker: the client without a network, and notifications without the client. */

import { clientsClaim } from "workbox-core";
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst, StaleWhileRevalidate } from "workbox-strategies";
import { pathOf } from "./sw/path";
import { isWorthShowing, noticeOf, type Pane, paneFor } from "./sw/push";
import { type Source, sourceOf } from "./sw/routes";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

/** What `update.ts` says once the user agreed. */
const ACTIVATE = "activate";
const ICON = "/icons/icon-192.png";

/** What is kept is found by its address alone: `Vary` would hide it from requests with other headers. */
const BY_ADDRESS = { cacheKeyWillBeUsed: async ({ request }: { request: Request }) => request.url };

addPlugins([BY_ADDRESS]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
clientsClaim();

answerFrom("page", createHandlerBoundToURL("/index.html"));
answerFrom("asset", new CacheFirst({ cacheName: "assets", plugins: [BY_ADDRESS] }));
answerFrom("data", new StaleWhileRevalidate({ cacheName: "data", plugins: [BY_ADDRESS] }));

function answerFrom(source: Source, handler: Parameters<typeof registerRoute>[1]) {
  const matches = ({ url, request }: { url: URL; request: Request }) =>
    sourceOf({
      url,
      origin: self.location.origin,
      method: request.method,
      isNavigation: request.mode === "navigate",
    }) === source;
  registerRoute(matches, handler);
}

self.addEventListener("message", ({ data }) => {
  if (data === ACTIVATE) void self.skipWaiting();
});

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { chatId } = event.notification.data ?? {};
  if (typeof chatId === "string") event.waitUntil(lead(chatId));
});

async function show(data: PushMessageData | null) {
  const notice = noticeOf(jsonOf(data));
  if (!notice) return;
  if (notice.unread !== null) await navigator.setAppBadge?.(notice.unread);
  const windows = await panes();
  if (!isWorthShowing(notice, windows.map(paneOf))) return;
  const { title, body, tag, chatId } = notice;
  await self.registration.showNotification(title, { body, tag, icon: ICON, badge: ICON, data: { chatId } });
}

async function lead(chatId: string) {
  const windows = await panes();
  const client = windows[paneFor(chatId, windows.map(paneOf))];
  if (!client) {
    await self.clients.openWindow(pathOf(chatId));
    return;
  }
  client.postMessage({ open: pathOf(chatId) });
  await client.focus();
}

function panes() {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true });
}

function paneOf({ url, visibilityState }: WindowClient): Pane {
  return { url, isVisible: visibilityState === "visible" };
}

function jsonOf(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return null;
  }
}
