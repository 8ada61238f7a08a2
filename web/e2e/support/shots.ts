import type { Page } from "@playwright/test";

/** For eyes to judge; git does not keep them. */
const FOLDER = "e2e/shots";

export interface Picture {
  name: string;
  /** Of what device, in which language or light. */
  look: string;
}

export async function shoot(page: Page, { name, look }: Picture): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}.${look}.png`, caret: "initial" });
}
