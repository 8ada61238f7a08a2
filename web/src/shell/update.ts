/** The service worker's life, and the new version of the client that it may have ready. */

const LOOK_EVERY_MS = 60 * 60_000;
/** Connections that come and go are no reason to look each time. */
const LOOK_AT_MOST_EVERY_MS = 10_000;

const listeners = new Set<() => void>();
let registration: ServiceWorkerRegistration | null = null;
let isReady = false;
let isAgreed = false;
let lookedAt = 0;

/** Calls back once a new version waits; at once if one does already. */
export function onUpdateReady(listener: () => void): () => void {
  listeners.add(listener);
  if (isReady) listener();
  return () => listeners.delete(listener);
}

/** For when the server may be another one: after each reconnect. */
export function lookForUpdate(): void {
  if (!registration || Date.now() - lookedAt < LOOK_AT_MOST_EVERY_MS) return;
  lookedAt = Date.now();
  // Without a network there is none: the next look will tell.
  registration.update().catch(() => {});
}

/** Changes to the version that waits: the page loads anew. */
export function applyUpdate(): void {
  isAgreed = true;
  // No word from a worker: another tab has changed already, and this one only has to follow.
  if (registration?.waiting) registration.waiting.postMessage("activate");
  else location.reload();
}

/** For the start. Nothing where there are no service workers, nor before the client is built. */
export async function registerWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  let isControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (isAgreed) location.reload();
    // The first worker of all takes over a page of its own version.
    else if (isControlled) announce();
    isControlled = true;
  });
  registration = await serviceWorker.register(addressOf("/sw.js"), { updateViaCache: "none" });
  watch(registration);
}

function watch(registered: ServiceWorkerRegistration) {
  if (registered.waiting && navigator.serviceWorker.controller) announce();
  registered.addEventListener("updatefound", () => {
    const coming = registered.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) announce();
    });
  });
  lookedAt = Date.now();
  setInterval(lookForUpdate, LOOK_EVERY_MS);
  // A tab that slept has missed its hours.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - lookedAt >= LOOK_EVERY_MS) lookForUpdate();
  });
}

function announce() {
  isReady = true;
  for (const listener of listeners) listener();
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** A script's address must be vouched for where the page's policy asks for trusted types. */
function addressOf(path: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("nexuschat-worker", { createScriptURL: (url) => url });
  return policy?.createScriptURL(path) ?? path;
}
