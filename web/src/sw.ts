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
import { choicesNow } from "./sw/choices";
import { pathOf, WHERE } from "./sw/path";
import { isWorthShowing, noticeOf, type Pane, paneFor } from "./sw/push";
import { type Source, sourceOf } from "./sw/routes";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

/** What `update.ts` says once the user agreed. */
const ACTIVATE = "activate";
const ICON = "/icons/icon-192.png";
/** A page that sleeps says nothing. */
const ANSWERS_WITHIN_MS = 500;

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
  const choices = await choicesNow();
  if (!notice || !choices) return;
  // Systems without badges say so here.
  if (notice.unread !== null) await navigator.setAppBadge?.(notice.unread).catch(() => {});
  if (!choices.notifies || !isWorthShowing(notice, await panes())) return;
  const { title, tag, chatId } = notice;
  const body = choices.instead ?? notice.body;
  await self.registration.showNotification(title, { body, tag, icon: ICON, badge: ICON, data: { chatId } });
}

async function lead(chatId: string) {
  const open = await panes();
  const pane = open[paneFor(chatId, open)];
  if (!pane) {
    await self.clients.openWindow(pathOf(chatId));
    return;
  }
  pane.client.postMessage({ open: pathOf(chatId) });
  // One that is just going away can't come to the front.
  await pane.client.focus().catch(() => self.clients.openWindow(pathOf(chatId)));
}

interface OpenPane extends Pane {
  client: WindowClient;
}

async function panes(): Promise<OpenPane[]> {
  const clients = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return Promise.all(
    clients.map(async (client) => ({
      client,
      path: await whereIs(client),
      isVisible: client.visibilityState === "visible",
    })),
  );
}

/** Browsers know where a page was loaded; where it has gone since, only the page itself does. */
function whereIs(client: WindowClient): Promise<string> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => typeof data === "string" && resolve(data);
    setTimeout(() => resolve(new URL(client.url).pathname), ANSWERS_WITHIN_MS);
    client.postMessage(WHERE, [port2]);
  });
}

function jsonOf(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return null;
  }
}
