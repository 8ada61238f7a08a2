/** What the client is run by: a browser, for now. Screens ask it for what lies outside the page. */

import type { Choices } from "../sw/choices";
import type { Ears } from "./ears";
import { createInstallation } from "./install";
import { createNotifications } from "./notifications";

export interface Shell {
  kind: "web";
  /** On the app's icon, where there is one; 0 takes it away. */
  badge(unread: number): void;
  notifications: Notifications;
  install: Installation;
  /** Null where the system has no such sheet. */
  share: ((what: { title?: string; text?: string; url?: string }) => Promise<void>) | null;
}

export type Permission = "unsupported" | "default" | "granted" | "denied";

/** `tag`: a later one with the same takes its place. */
export interface Notice {
  chatId: string;
  title: string;
  body: string;
  tag: string;
}

export interface Notifications {
  permission(): Permission;
  /** Only as the answer to something that the user did. */
  ask(): Promise<Permission>;
  show(notice: Notice): Promise<void>;
  /** Takes away those that are shown: all, or those of one chat. */
  clear(chatId?: string): Promise<void>;
  /** What holds also while no page is open; null: nobody is signed in, and nothing is shown. */
  heed(choices: Choices | null): Promise<void>;
  /** Calls back with the address that a notification was clicked for. */
  onOpen(open: (path: string) => void): () => void;
}

export interface Installation {
  /** Whether to offer it now: the browser can, and this is no first visit. */
  isOffered(): boolean;
  subscribe(changed: () => void): () => void;
  /** The browser's own question; whether the answer was yes. */
  ask(): Promise<boolean>;
}

export function createShell(ears: Pick<Ears, "isHeld">): Shell {
  return {
    kind: "web",
    badge: setBadge,
    notifications: createNotifications(ears),
    install: createInstallation(),
    share: "share" in navigator ? (what) => navigator.share(what).catch(unlessCancelled) : null,
  };
}

function setBadge(unread: number) {
  if (!("setAppBadge" in navigator)) return;
  const done = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge();
  // Systems without badges say so here.
  done.catch(() => {});
}

function unlessCancelled(error: unknown) {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}
