import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type Picture, shoot } from "./shots";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** The rules that colours can break. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Whom a screen shuts out, in the light and in the dark; it has its picture taken in both. */
export async function shutsOut(page: Page, { name, look }: Picture): Promise<string[]> {
  // First, as what is said for a moment is gone once it is judged.
  await shoot(page, { name, look: `${look}-light` });
  const light = await axe(page).withTags(WCAG).analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, { name, look: `${look}-dark` });
  const dark = await axe(page).withRules(COLOURS).analyze();
  await page.emulateMedia({ colorScheme: "light" });
  return [...told("light", light), ...told("dark", dark)];
}

/** There are no frames, and without looking for any it takes half the time. */
function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode();
}

type Judgement = Awaited<ReturnType<AxeBuilder["analyze"]>>;

function told(theme: string, { violations }: Judgement): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${theme} ${id}: ${html.slice(0, 160)}`),
  );
}
