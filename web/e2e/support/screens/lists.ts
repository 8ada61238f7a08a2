import { expect, type Page } from "@playwright/test";
import { answer, choose, dialogIn, press, root, sees, type } from "./gestures";
import type { Screen } from "./screen";

/** What stands beside a chat, or instead of it. */
export const LISTS: Screen[] = [
  { name: "chats", path: root, open: (page) => sees(page, "Bob Marsh") },
  {
    name: "chat-menu",
    path: root,
    open: async (page, say) => {
      await page.getByRole("link", { name: /Ferry to the islands/ }).click({ button: "right" });
      await expect(page.getByRole("menuitem", { name: say("chats.muteAlways") })).toBeVisible();
    },
  },
  {
    name: "chats-more",
    path: root,
    open: async (page, say) => {
      await press(page, say("kit.more"));
      await expect(page.getByRole("menuitem", { name: say("chats.starred") })).toBeVisible();
    },
  },
  {
    name: "chats-none-found",
    path: root,
    open: async (page, say) => {
      await page.getByRole("searchbox").fill("zzz");
      await sees(page, say("chats.noneFound"));
    },
  },
  {
    name: "announcement",
    path: root,
    given: (page) => announce(page, "info", "New here: **voice messages**. Hold the microphone to try."),
    open: (page, say) => expect(page.getByRole("region", { name: say("safety.level.info") })).toBeVisible(),
  },
  {
    name: "announcement-urgent",
    path: (world) => `/chat/${world.direct}`,
    given: (page) => announce(page, "critical", LONG),
    open: (page, say) =>
      expect(page.getByRole("region", { name: say("safety.level.critical") })).toBeVisible(),
  },
  { name: "archived", path: () => "/archived", open: (page) => sees(page, "Book club") },
  {
    name: "search",
    path: () => "/search",
    open: async (page) => {
      await page.getByRole("searchbox").first().fill("bo");
      await expect(page.getByRole("list").nth(2)).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    },
  },
  {
    name: "search-from",
    path: () => "/search?q=boat",
    open: async (page, say) => {
      await press(page, say("search.from"));
      await dialogIn(page);
    },
  },
  {
    name: "search-in",
    path: () => "/search?q=boat",
    open: async (page, say) => {
      await press(page, say("search.in"));
      await (await dialogIn(page)).getByRole("button", { name: "Ferry to the islands" }).click();
      await expect(page.getByRole("button", { name: /Ferry to the islands/, pressed: true })).toBeVisible();
    },
  },
  {
    name: "search-when",
    path: () => "/search?q=boat",
    open: async (page, say) => {
      await press(page, say("search.when"));
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  {
    name: "search-nothing",
    path: () => "/search",
    open: async (page, say) => {
      await page.getByRole("searchbox").first().fill("zzz");
      await sees(page, say("search.nothing"));
    },
  },
  {
    name: "starred",
    path: () => "/starred",
    open: (page) => expect(page.getByRole("main").getByText("four seats")).toBeVisible(),
  },
  {
    name: "new-chat",
    path: root,
    open: async (page, say) => {
      await press(page, say("chats.newChat"));
      await page.getByRole("dialog").getByRole("textbox").fill("e");
      await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    },
  },
  {
    name: "new-chat-nobody",
    path: root,
    open: async (page, say) => {
      await press(page, say("chats.newChat"));
      await page.getByRole("dialog").getByRole("textbox").fill("zzz");
      await sees(page, say("people.nobody"));
    },
  },
  {
    name: "new-group",
    path: root,
    open: async (page, say) => {
      await press(page, say("chats.newChat"));
      await press(page, say("people.newGroup"));
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox").nth(1).fill("eve");
      await dialog.getByRole("button", { name: /Eve/ }).click();
      await press(dialog, say("people.createGroup"));
      await sees(page, say("people.titleMissing"));
    },
  },
  {
    name: "shortcut-sheet",
    path: root,
    open: async (page) => {
      await sees(page, "Bob Marsh");
      await page.keyboard.press("Control+/");
      await expect((await dialogIn(page)).locator("kbd").first()).toBeVisible();
    },
  },
  { name: "no-such-page", path: () => "/nowhere", open: (page, say) => sees(page, say("frame.notFound")) },

  { name: "contacts", path: () => "/contacts", open: (page) => sees(page, "Bob Marsh") },
  {
    name: "contacts-none-found",
    path: () => "/contacts",
    open: async (page, say) => {
      await page.getByRole("searchbox").fill("zzz");
      await sees(page, say("contacts.noneFound"));
    },
  },
  {
    name: "contact-add",
    path: () => "/contacts",
    open: async (page, say) => {
      await press(page, say("contacts.add"));
      const dialog = await dialogIn(page);
      await type(dialog, say("signin.username"), "nobody.here");
      await press(dialog, say("contacts.add"));
      await sees(page, say("contacts.noSuch"));
    },
  },
  { name: "contact-menu", path: () => "/contacts", open: menuOfContact },
  {
    name: "contact-nickname",
    path: () => "/contacts",
    open: async (page, say) => {
      await menuOfContact(page);
      await choose(page, say("contacts.rename"));
      await dialogIn(page);
    },
  },
  {
    name: "contact-remove",
    path: () => "/contacts",
    open: async (page, say) => {
      await menuOfContact(page);
      await choose(page, say("contacts.remove"));
      await dialogIn(page);
    },
  },
  {
    name: "contact-block",
    path: () => "/contacts",
    open: async (page, say) => {
      await menuOfContact(page);
      await choose(page, say("contacts.block"));
      await dialogIn(page);
    },
  },
  {
    name: "contact-report",
    path: () => "/contacts",
    open: async (page, say) => {
      await menuOfContact(page);
      await choose(page, say("safety.report"));
      await dialogIn(page);
    },
  },
  { name: "requests", path: () => "/requests", open: (page) => sees(page, "@joe") },
];

const LONG =
  "The server moves to a new machine **tonight at 23:00**. Messages that you write meanwhile are kept on your device and go out by themselves afterwards. See https://status.example for how far it has come.";

async function announce(page: Page, level: string, content: string): Promise<void> {
  await answer(page, "/announcements", {
    announcements: [{ id: level, content, level, createdAt: "2026-11-23T09:00:00Z", dismissed: false }],
  });
}

async function menuOfContact(page: Page): Promise<void> {
  await page.getByRole("navigation").getByRole("listitem").first().getByRole("button").last().click();
  await expect(page.getByRole("menuitem").first()).toBeVisible();
}
