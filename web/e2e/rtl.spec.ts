import type { BrowserContextOptions, Locator } from "@playwright/test";
import { PASSWORD } from "../../e2e/support/person.js";
import type { Locale } from "../src/i18n/locales";
import { sticksOut } from "./support/overflow";
import { DOORS, preferring, SCREENS, type Screen, SIGN_IN, signIn } from "./support/screens";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";
import { words } from "./support/words";
import { peopled, type World } from "./support/world";

const server = serve();
let world: World;
test.beforeAll(async () => {
  world = await peopled(server.nexus);
});

/** As narrow as WCAG asks for; the largest text only where it is worst, with the longest words. */
const NARROW: BrowserContextOptions = { ...PHONE, viewport: { width: 320, height: 640 } };
const LOOKS: [string, Locale, number][] = [
  ["from right to left", "ar", 1],
  ["in German", "de", 1],
  ["with the longest words and the largest text", "en-XA", 1.5],
];

for (const [name, locale, textSize] of LOOKS) {
  test(`every screen fits into 320 pixels ${name}`, async ({ device }) => {
    const browser = await device({ ...NARROW, ...preferring(server.url, { locale, textSize }) });
    browser.expectConsole(/40[34]/);
    const say = words(locale);
    const { page } = await browser.open(server.url);
    const measure = async (screen: Screen) => {
      await page.goto(server.url + screen.path(world));
      await screen.open(page, say);
      expect.soft(await page.evaluate(sticksOut), screen.name).toEqual([]);
    };
    for (const screen of [...SIGN_IN, ...DOORS]) await measure(screen);
    await page.goto(server.url);
    await signIn(page, say, PASSWORD);
    for (const screen of SCREENS) await measure(screen);
  });
}

test("what is read from right to left is laid out so", async ({ device }) => {
  const browser = await device({ ...DESKTOP, ...preferring(server.url, { locale: "ar" }) });
  const say = words("ar");
  const { page } = await browser.open(server.url);
  await signIn(page, say, PASSWORD);
  await page.goto(`${server.url}/chat/${world.direct}`);

  const main = page.getByRole("main");
  const list = page.getByRole("list", { name: say("chats.title"), exact: true });
  const own = main.getByText("See you at the pier").last();
  const other = main.getByText("don’t forget the charger").last();
  await expect(own).toHaveCSS("direction", "ltr");
  expect(await startOf(list), "the chats stand on the right").toBeGreaterThan(await startOf(main));
  expect(await startOf(own), "own messages stand on the left").toBeLessThan(await startOf(other));
});

async function startOf(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.x ?? Number.NaN;
}
