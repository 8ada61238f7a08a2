import { expect, type Page } from "@playwright/test";
import type { Say } from "../words";
import { answer, dialogIn, press, sees } from "./gestures";
import type { Screen } from "./screen";

const path = () => "/settings/moderation";

/** What moderators and admins look after. */
export const STAFF: Screen[] = [
  { name: "reports", path, open: (page, say) => sees(page, say("safety.reason.spam")) },
  {
    name: "reports-none",
    path,
    given: (page) => answer(page, "/admin/reports?*", { reports: [], nextCursor: null }),
    open: (page, say) => sees(page, say("moderation.noOpen")),
  },
  { name: "reports-closed", path, open: closed },
  {
    name: "report",
    path,
    open: async (page, say) => {
      await report(page, say);
    },
  },
  ...(["dismiss", "sweep", "ban"] as const).map(
    (action): Screen => ({
      name: `report-${action}`,
      path,
      open: async (page, say) => {
        await press(await report(page, say), say(`moderation.do.${action}`));
        await sees(page, say(`moderation.means.${action}`));
      },
    }),
  ),
  {
    name: "report-closed",
    path,
    open: async (page, say) => {
      await closed(page, say);
      await page.getByRole("main").getByRole("listitem").getByRole("button").first().click();
      await dialogIn(page);
    },
  },
  {
    name: "bans",
    path,
    open: async (page, say) => {
      await turn(page, say("moderation.bans"));
      await sees(page, "@max");
    },
  },
  {
    name: "ban",
    path,
    open: async (page, say) => {
      await turn(page, say("moderation.bans"));
      await page.getByRole("main").getByRole("searchbox").fill("joe");
      await page
        .getByRole("main")
        .getByRole("listitem")
        .filter({ hasText: "@joe" })
        .getByRole("button")
        .click();
      await dialogIn(page);
    },
  },
  {
    name: "announcements",
    path,
    open: async (page, say) => {
      await turn(page, say("moderation.announcements"));
      await sees(page, "ten minutes");
    },
  },
];

async function turn(page: Page, to: string): Promise<void> {
  await page.getByRole("main").getByText(to, { exact: true }).first().click();
}

async function report(page: Page, say: Say) {
  const row = page
    .getByRole("main")
    .getByRole("button")
    .filter({ hasText: say("safety.reason.spam") });
  await row.first().click();
  const dialog = await dialogIn(page);
  await expect(dialog.getByText(say("moderation.seen"))).toBeVisible();
  return dialog;
}

async function closed(page: Page, say: Say): Promise<void> {
  await turn(page, say("moderation.resolved"));
  await sees(page, say("moderation.did.dismiss"));
}
