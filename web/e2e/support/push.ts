/** What lies around a page: the push service, notifications on the system's screen, the app's icon. */

import type { BrowserContext, Page, Worker } from "@playwright/test";
import type { Client } from "./client";

/** Hands over what it is given as a push. `page`: any of the browser, also one that is elsewhere. */
export async function pushService(page: Page, url: string): Promise<(data: object) => Promise<void>> {
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(url);
  const registered = new Promise<string>((resolve) => {
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find((one) => one.scopeURL === `${origin}/` && !one.isDeleted);
      if (ours) resolve(ours.registrationId);
    });
  });
  await cdp.send("ServiceWorker.enable");
  const registrationId = await registered;
  return async (data) => {
    await cdp.send("ServiceWorker.deliverPushMessage", {
      origin,
      registrationId,
      data: JSON.stringify(data),
    });
  };
}

/** Lets the page notify; what it shows stays: without a desktop around it, the browser takes it away. */
export async function allowNotifications(context: BrowserContext, url: string): Promise<void> {
  await context.grantPermissions(["notifications"], { origin: new URL(url).origin });
  await context.addInitScript(lasting);
  context.on("serviceworker", (worker) => void worker.evaluate(lasting));
}

function lasting(): void {
  // An empty page has none.
  if (!("ServiceWorkerRegistration" in globalThis)) return;
  const { prototype } = ServiceWorkerRegistration;
  const { showNotification } = prototype;
  prototype.showNotification = function (title, options) {
    return showNotification.call(this, title, { ...options, requireInteraction: true });
  };
}

/** The notifications that are to be seen, by title. */
export async function shown(client: Client): Promise<{ title: string; body: string }[]> {
  const all = await workerOf(client).evaluate(async () => {
    const { registration } = globalThis as unknown as ServiceWorkerScope;
    return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }));
  });
  return all.sort((a, b) => a.title.localeCompare(b.title));
}

/** As if they had never been shown. */
export async function putAway(client: Client, titles: readonly string[]): Promise<void> {
  await workerOf(client).evaluate(async (titles) => {
    const { registration } = globalThis as unknown as ServiceWorkerScope;
    for (const one of await registration.getNotifications()) if (titles.includes(one.title)) one.close();
  }, titles);
}

/**
 * Clicks on a notification. What only a person's own click may do, is noted: how many tabs were
 * brought to the front, and which were opened.
 */
export async function clicked(client: Client, title: string): Promise<{ focused: number; opened: string[] }> {
  return workerOf(client).evaluate(async (title) => {
    const scope = globalThis as unknown as ServiceWorkerScope;
    const done = { focused: 0, opened: [] as string[] };
    scope.WindowClient.prototype.focus = async () => {
      done.focused += 1;
    };
    scope.clients.openWindow = async (url) => {
      done.opened.push(url);
    };
    const all = await scope.registration.getNotifications();
    const notification = all.find((one) => one.title === title);
    const event = new scope.NotificationEvent("notificationclick", { notification });
    const followed: Promise<unknown>[] = [];
    event.waitUntil = (work) => void followed.push(work);
    scope.dispatchEvent(event);
    await Promise.all(followed);
    return done;
  }, title);
}

/** For `addInitScript`: the worker sends this tab somewhere once it listens, long before it shows anything. */
export function brought(open: string): void {
  document.addEventListener("DOMContentLoaded", () => {
    navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { open } }));
  });
}

/** The icon of the app shows, from here on, what is asked of it. */
export async function watchBadge(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const show = async (count = 0) => localStorage.setItem("test-badge", String(count));
    Object.assign(navigator, { setAppBadge: show, clearAppBadge: () => show() });
  });
}

export async function badgeOf({ page }: Client): Promise<number> {
  return page.evaluate(() => Number(localStorage.getItem("test-badge")));
}

function workerOf({ page }: Client): Worker {
  const worker = page.context().serviceWorkers()[0];
  if (!worker) throw new Error("there is no service worker");
  return worker;
}

/** What TypeScript knows of service workers only where it knows nothing of pages. */
interface ServiceWorkerScope extends EventTarget {
  registration: ServiceWorkerRegistration;
  WindowClient: { prototype: { focus: () => Promise<void> } };
  clients: { openWindow: (url: string) => Promise<void> };
  NotificationEvent: new (
    type: string,
    init: { notification?: Notification },
  ) => Event & { waitUntil: (work: Promise<unknown>) => void };
}
