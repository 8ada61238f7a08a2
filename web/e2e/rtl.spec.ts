import type { BrowserContextOptions, Locator } from "@playwright/test";
import type { Locale } from "../src/i18n/locales";
import { sticksOut } from "./support/overflow";
import { AREAS } from "./support/screens/areas";
import { shoot } from "./support/shots";
import { DESKTOP, expect, PHONE, test } from "./support/test";
import { preferring, signIn, tour } from "./support/tour";
import { words } from "./support/words";
import { inhabited } from "./support/world";

const place = inhabited();

/** As narrow as WCAG asks for; the largest text only where it is worst, with the longest words. */
const NARROW: BrowserContextOptions = { ...PHONE, viewport: { width: 320, height: 640 } };
const LOOKS: [string, Locale, number][] = [
  ["from right to left", "ar", 1],
  ["in German", "de", 1],
  ["with the longest words and the largest text", "en-XA", 1.5],
];

for (const [how, locale, textSize] of LOOKS) {
  for (const area of AREAS) {
    test(`everything fits into 320 pixels ${how}: ${area.name}`, async ({ device }) => {
      const browser = await device({ ...NARROW, ...preferring(place.url, { locale, textSize }) });
      await tour(browser, area, {
        ...place.tour,
        say: words(locale),
        look: async (page, { name }) => {
          expect.soft(await page.evaluate(sticksOut), name).toEqual([]);
          await shoot(page, { name, look: `narrow-${locale}` });
        },
      });
    });
  }
}

test("what is read from right to left is laid out so", async ({ device }) => {
  const browser = await device({ ...DESKTOP, ...preferring(place.url, { locale: "ar" }) });
  const say = words("ar");
  const { page } = await browser.open(place.url);
  await signIn(page, "ann", say);
  await page.goto(`${place.url}/chat/${place.tour.world.direct}`);

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
