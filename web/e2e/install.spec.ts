import type { Page } from "@playwright/test";
import { tokenOf } from "./support/letters";
import { expect, serve, test } from "./support/test";

const server = serve();

test("the browser finds nothing amiss with installing it, and all that the manifest names is there", async ({
  device,
}) => {
  const desk = await device();
  const ann = await desk.open(server.url);
  await ann.signUp("ann");
  await ann.isInstalled();
  const cdp = await desk.context.newCDPSession(ann.page);
  const { errors, url } = await cdp.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(url).toBe(`${server.url}/manifest.webmanifest`);
  const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
  // Windows of tests are private ones, in which nothing is installed; all else is looked at, too.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);

  const manifest = await ann.page.evaluate(async (url) => (await fetch(url)).json(), url);
  const icons: { src: string; sizes: string; purpose?: string }[] = [
    ...manifest.icons,
    ...manifest.shortcuts.flatMap((shortcut: { icons: object[] }) => shortcut.icons),
  ];
  const sizes = await ann.page.evaluate(
    (icons) =>
      Promise.all(
        icons.map(async ({ src }) => {
          const image = new Image();
          image.src = src;
          await image.decode();
          return `${image.naturalWidth}x${image.naturalHeight}`;
        }),
      ),
    icons,
  );
  expect(icons.map(({ sizes: named }, at) => (named === "any" ? named : sizes[at]))).toEqual(
    icons.map(({ sizes: named }) => named),
  );
  expect(icons.filter(({ purpose }) => purpose === "maskable")).toHaveLength(1);

  for (const path of [
    manifest.start_url,
    ...manifest.shortcuts.map((shortcut: { url: string }) => shortcut.url),
  ]) {
    await ann.page.goto(server.url + path);
    await expect(ann.page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await expect(ann.page.getByText("There is nothing here")).toHaveCount(0);
  }
});

test("it is offered to who comes back, not on the first visit, and only as long as they like", async ({
  device,
}) => {
  const desk = await device();
  const bob = await desk.open(server.url);
  await bob.signUp("bob");
  const token = await tokenOf(server.nexus, "bob", "verify");
  await bob.page.goto(`${server.url}/verify#token=${token}`);
  await bob.button("To the chats").click();
  await expect(bob.button("New chat")).toBeVisible();
  const offer = bob.button("Install as an app");
  expect(await offers(bob.page), "the browser's own bar is held back").toBe(true);
  await bob.page.goto(`${server.url}/settings/about`);
  await expect(bob.page.getByText("Messages that arrive.")).toBeVisible();
  await offers(bob.page);
  await expect(offer).toHaveCount(0);

  await test.step("a while later", async () => {
    await bob.page.evaluate(() => {
      const first = Number(localStorage.getItem("nc-first-visit"));
      localStorage.setItem("nc-first-visit", String(first - 2 * 60 * 60_000));
    });
    await bob.page.goto(server.url);
    await expect(bob.button("New chat")).toBeVisible();
    await offers(bob.page);
    await offer.click();
    await expect(offer).toHaveCount(0);
    await expect(bob.page.locator("html")).toHaveAttribute("data-asked", "1");
  });

  await test.step("put away it stays away, but for the settings", async () => {
    await offers(bob.page);
    await expect(offer).toBeVisible();
    await bob.button("Dismiss").click();
    await expect(offer).toHaveCount(0);
    await bob.page.reload();
    await expect(bob.button("New chat")).toBeVisible();
    await offers(bob.page);
    await expect(offer).toHaveCount(0);
    await bob.page.getByRole("link", { name: "Settings" }).click();
    await bob.page.getByRole("link", { name: "About" }).click();
    await expect(offer).toBeVisible();
  });
});

/** The browser offers to install it, as Chromium does; whether it was asked to keep that for later. */
function offers(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const event = new Event("beforeinstallprompt", { cancelable: true });
    const prompt = async () => {
      const { dataset } = document.documentElement;
      dataset.asked = String(Number(dataset.asked ?? 0) + 1);
      return { outcome: "dismissed" };
    };
    window.dispatchEvent(Object.assign(event, { prompt }));
    return event.defaultPrevented;
  });
}
