/** What is done again and again to get to a screen. */

import { expect, type Locator, type Page } from "@playwright/test";
import type { Say } from "../words";
import type { World } from "../world";

export const root = () => "/";
export const inChat = (world: World) => `/chat/${world.direct}`;
export const inGroup = (world: World) => `/chat/${world.group}`;
export const atGroupInfo = (world: World) => `${inGroup(world)}/info`;

export async function sees(page: Page, text: string): Promise<void> {
  await expect(page.getByText(text).filter({ visible: true }).first()).toBeVisible();
}

export async function press(within: Page | Locator, name: string): Promise<void> {
  await within.getByRole("button", { name, exact: true }).first().click();
}

export async function type(within: Page | Locator, name: string, text: string): Promise<void> {
  await within.getByRole("textbox", { name, exact: true }).fill(text);
}

export async function reads(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: text }).first()).toBeVisible();
}

/** The dialog that was opened last, once nothing in it is being loaded. */
export async function dialogIn(page: Page): Promise<Locator> {
  const dialog = page.getByRole("dialog").last();
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(".breathe")).toHaveCount(0);
  return dialog;
}

export async function menuOf(page: Page, text: string): Promise<void> {
  await reads(page, text);
  const item = page.getByRole("main").getByRole("listitem").filter({ hasText: text });
  await item
    .last()
    .locator("[data-bubble]")
    .click({ button: "right", position: { x: 18, y: 3 } });
  await expect(page.getByRole("menu")).toBeVisible();
}

/** Out of the menu that is open, or that of a message. */
export async function choose(page: Page, action: string, text?: string): Promise<void> {
  if (text !== undefined) await menuOf(page, text);
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

export async function write(page: Page, say: Say, text: string): Promise<void> {
  await type(page, say("chat.message"), text);
  await press(page, say("chat.send"));
}

/** The server answers so at a path, whatever it would have said. */
export async function answer(page: Page, path: string, body?: object, status = 200): Promise<void> {
  await page.route(`**/api/v1${path}`, (route) =>
    body ? route.fulfill({ status, json: body }) : route.fulfill({ status: 204 }),
  );
}

/** It refuses what is asked of it at a path. */
export async function refuse(
  page: Page,
  path: string,
  status: number,
  code: string,
  more = {},
): Promise<void> {
  const problem = { type: "about:blank", title: code, status, code, ...more };
  await page.route(`**/api/v1${path}`, (route) =>
    route.fulfill({ status, json: problem, contentType: "application/problem+json" }),
  );
}

/** It takes its time over what is asked of it at a path. */
export async function hold(page: Page, path: string): Promise<void> {
  await page.route(`**/api/v1${path}`, () => new Promise(() => {}));
}

/** The device knows nothing any more but who is signed in. */
export async function forget(page: Page): Promise<void> {
  await page.goto(new URL("/healthz", page.url()).href);
  await page.evaluate(async () => {
    const gone = (name: string) =>
      new Promise((resolve) => {
        const asked = indexedDB.deleteDatabase(name);
        asked.onsuccess = resolve;
        asked.onblocked = resolve;
      });
    for (const { name } of await indexedDB.databases()) if (name) await gone(name);
  });
}
