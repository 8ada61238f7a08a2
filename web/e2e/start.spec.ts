import { mkdir, writeFile } from "node:fs/promises";
import { Client } from "./support/client";
import { Device } from "./support/device";
import { expect, serve, test } from "./support/test";

const server = serve();

test("a browser that forbids to keep anything shows the way in, and says why it leads nowhere", async ({
  playwright,
  launchOptions,
}, info) => {
  // Only a profile of one's own can be told to block cookies and site data.
  const profile = info.outputPath("profile");
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  await mkdir(`${profile}/Default`, { recursive: true });
  await writeFile(`${profile}/Default/Preferences`, JSON.stringify(blocked));
  const context = await playwright.chromium.launchPersistentContext(profile, {
    ...launchOptions,
    locale: "en-GB",
  });
  const device = await Device.watch(context);
  const ann = await device.open(server.url);
  const alert = ann.page.getByRole("alert").filter({ visible: true, hasText: /\S/ });
  await expect(alert).toContainText("Your browser blocks cookies and site data");
  await expect(ann.button("Sign in")).toBeVisible();
  await ann.page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await expect(alert).toContainText("Dein Browser blockiert Cookies");
  await context.close();
  expect(device.faults, "errors in the page").toEqual([]);
});

test("a client that cannot start says so, and can be started anew", async ({ browser }) => {
  const context = await browser.newContext({ locale: "en-GB" });
  await context.addInitScript(() => {
    if (sessionStorage.getItem("broken") === "no") return;
    sessionStorage.setItem("broken", "no");
    Reflect.deleteProperty(window, "BroadcastChannel");
  });
  const ann = new Client(await context.newPage());
  await ann.page.goto(server.url);
  await expect(ann.page.getByRole("alert")).toContainText("NexusChat could not start");
  await ann.button("Reload").click();
  await expect(ann.button("Sign in")).toBeVisible();
  await context.close();
});
