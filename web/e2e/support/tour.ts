/** Takes somebody from screen to screen of an area. */

import type { BrowserContextOptions, Page } from "@playwright/test";
import { PASSWORD } from "../../../e2e/support/person.js";
import type { Device } from "./device";
import { press, type } from "./screens/gestures";
import type { Area, Screen } from "./screens/screen";
import { expect } from "./test";
import type { Say } from "./words";
import type { World } from "./world";

/** A browser whose owner chose that, and likes things to keep still. */
export function preferring(origin: string, preferences: object): BrowserContextOptions {
  const localStorage = [{ name: "nc-prefs", value: JSON.stringify(preferences) }];
  return {
    reducedMotion: "reduce",
    // The worker would keep requests from being answered in the server's stead.
    serviceWorkers: "block",
    permissions: ["clipboard-write"],
    storageState: { cookies: [], origins: [{ origin, localStorage }] },
  };
}

/** Signs in where the area asks for it. */
export async function signIn(page: Page, who: string, say: Say): Promise<void> {
  await type(page, say("signin.email"), who);
  await type(page, say("signin.password"), PASSWORD);
  await press(page, say("signin.signIn"));
  await expect(page.getByRole("button", { name: say("chats.newChat"), exact: true })).toBeVisible();
}

interface Tour {
  url: string;
  world: World;
  say: Say;
  /** What is done at each screen. */
  look: (page: Page, screen: Screen) => Promise<void>;
}

export async function tour(browser: Device, area: Area, { url, world, say, look }: Tour): Promise<void> {
  // What is refused, what is left while it still connects, and what is offline for a while.
  browser.expectConsole(/the server responded with a status of [45]\d\d/);
  browser.expectNetworkErrors();
  const { page } = await browser.open(url);
  if (area.who) await signIn(page, area.who, say);
  for (const screen of area.screens) {
    await screen.given?.(page, world);
    const to = url + screen.path(world);
    // Where only the part after # differs nothing would be loaded.
    if (page.url() === to.replace(/#.*/, "")) await page.goto(`${url}/healthz`);
    await page.goto(to);
    await screen.open(page, say, world);
    await look(page, screen);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await screen.leave?.(page, world);
  }
}
