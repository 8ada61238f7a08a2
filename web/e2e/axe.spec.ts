import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { PASSWORD } from "../../e2e/support/person.js";
import { DOORS, preferring, SCREENS, type Screen, SIGN_IN, signIn } from "./support/screens";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";
import { words } from "./support/words";
import { peopled, type World } from "./support/world";

const server = serve();
let world: World;
test.beforeAll(async () => {
  world = await peopled(server.nexus);
});

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

for (const [name, size] of [
  ["a desktop", DESKTOP],
  ["a phone", PHONE],
] as const) {
  test(`nobody is shut out of any screen, on ${name}`, async ({ device }) => {
    const browser = await device({ ...size, ...preferring(server.url, { locale: "en" }) });
    browser.expectConsole(/40[34]/);
    const say = words("en");
    const { page } = await browser.open(server.url);
    const judge = async (screen: Screen) => {
      await page.goto(server.url + screen.path(world));
      await screen.open(page, say);
      expect.soft(await violations(page), screen.name).toEqual([]);
    };
    for (const screen of [...SIGN_IN, ...DOORS]) await judge(screen);
    await page.goto(server.url);
    await signIn(page, say, PASSWORD);
    for (const screen of SCREENS) await judge(screen);
  });
}

/** Of all rules in the light; in the dark of those that colours can break. */
async function violations(page: Page): Promise<string[]> {
  const light = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]).analyze();
  await page.emulateMedia({ colorScheme: "light" });
  return [light, dark].flatMap((result, at) =>
    result.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${at === 0 ? "light" : "dark"} ${id}: ${node.html.slice(0, 160)}`),
    ),
  );
}
