/** Pictures of every screen for eyes to judge, in e2e/shots: `SHOTS=1 npm run e2e -- shots`. */

import type { BrowserContextOptions } from "@playwright/test";
import { PASSWORD } from "../../e2e/support/person.js";
import type { Locale } from "../src/i18n/locales";
import { DOORS, preferring, SCREENS, type Screen, SIGN_IN, signIn } from "./support/screens";
import { DESKTOP, PHONE, serve, test } from "./support/test";
import { words } from "./support/words";
import { peopled, type World } from "./support/world";

test.skip(!process.env.SHOTS, "to look at, by request");

const server = serve();
let world: World;
test.beforeAll(async () => {
  world = await peopled(server.nexus);
});

const LOOKS: [string, Locale, BrowserContextOptions][] = [
  ["phone-light", "en", PHONE],
  ["phone-dark", "en", { ...PHONE, colorScheme: "dark" }],
  ["phone-arabic", "ar", PHONE],
  ["desktop-light", "en", DESKTOP],
  ["desktop-dark", "en", { ...DESKTOP, colorScheme: "dark" }],
  ["desktop-arabic", "ar", DESKTOP],
  ["desktop-forced-colors", "en", { ...DESKTOP, forcedColors: "active" }],
];

for (const [look, locale, options] of LOOKS) {
  test(`every screen: ${look}`, async ({ device }) => {
    const browser = await device({ ...options, ...preferring(server.url, { locale }) });
    browser.expectConsole(/40[34]/);
    const say = words(locale);
    const { page } = await browser.open(server.url);
    const shoot = async ({ name, path, open }: Screen) => {
      await page.goto(server.url + path(world));
      await open(page, say);
      await page.screenshot({ path: `e2e/shots/${name}.${look}.png` });
    };
    for (const screen of [...SIGN_IN, ...DOORS]) await shoot(screen);
    await page.goto(server.url);
    await signIn(page, say, PASSWORD);
    for (const screen of SCREENS) await shoot(screen);
  });
}
