/** Every screen of the client, and how one gets there, in any of its languages. */

import { type BrowserContextOptions, expect, type Page } from "@playwright/test";
import type { Say } from "./words";
import type { World } from "./world";

export interface Screen {
  name: string;
  path: (world: World) => string;
  /** What is pressed there; it ends when the screen is as it is meant to be seen. */
  open: (page: Page, say: Say) => Promise<void>;
}

export const SIGN_IN: Screen[] = [
  {
    name: "sign-in",
    path: () => "/",
    open: (page, say) => sees(page, say("signin.signInTitle")),
  },
  {
    name: "create-account",
    path: () => "/",
    open: async (page, say) => {
      await page.getByRole("button", { name: say("signin.createAccount"), exact: true }).click();
      await sees(page, say("signin.createTitle"));
      await page.getByRole("textbox", { name: say("signin.username"), exact: true }).fill("?");
      await page.getByRole("button", { name: say("signin.createAccount"), exact: true }).click();
      await sees(page, say("signin.usernameWrong"));
    },
  },
];

/** Where letters lead, and those who can't sign in. */
export const DOORS: Screen[] = [
  { name: "forgot", path: () => "/forgot", open: (page, say) => sees(page, say("account.forgotText")) },
  { name: "reset", path: () => "/reset#token=x", open: (page, say) => sees(page, say("account.resetText")) },
  { name: "reset-spent", path: () => "/reset", open: (page, say) => sees(page, say("account.linkSpent")) },
  { name: "verify-spent", path: () => "/verify", open: (page, say) => sees(page, say("account.linkSpent")) },
];

const inChat = (world: World) => `/chat/${world.direct}`;
const inGroup = (world: World) => `/chat/${world.group}`;

export const SCREENS: Screen[] = [
  { name: "chats", path: () => "/", open: (page) => sees(page, "Bob Marsh") },
  {
    name: "chat-menu",
    path: () => "/",
    open: async (page, say) => {
      await page.getByRole("link", { name: /Ferry to the islands/ }).click({ button: "right" });
      await expect(page.getByRole("menuitem", { name: say("chats.muteAlways") })).toBeVisible();
    },
  },
  {
    name: "chats-none-found",
    path: () => "/",
    open: async (page, say) => {
      await page.getByRole("searchbox").fill("zzz");
      await sees(page, say("chats.noneFound"));
    },
  },
  { name: "contacts", path: () => "/contacts", open: (page) => sees(page, "Bob Marsh") },
  {
    name: "contact-add",
    path: () => "/contacts",
    open: async (page, say) => {
      await page
        .getByRole("button", { name: say("contacts.add"), exact: true })
        .first()
        .click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "contact-menu",
    path: () => "/contacts",
    open: async (page) => {
      await page.getByRole("navigation").getByRole("listitem").first().getByRole("button").last().click();
      await expect(page.getByRole("menuitem").first()).toBeVisible();
    },
  },
  { name: "requests", path: () => "/requests", open: (page) => sees(page, "@joe") },
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
    name: "starred",
    path: () => "/starred",
    open: (page) => expect(page.getByRole("main").getByText("four seats")).toBeVisible(),
  },
  {
    name: "new-chat",
    path: () => "/",
    open: async (page, say) => {
      await page.getByRole("button", { name: say("chats.newChat"), exact: true }).click();
      await page.getByRole("dialog").getByRole("textbox").fill("e");
      await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    },
  },
  {
    name: "new-group",
    path: () => "/",
    open: async (page, say) => {
      await page.getByRole("button", { name: say("chats.newChat"), exact: true }).click();
      await page.getByRole("button", { name: say("people.newGroup"), exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox").nth(1).fill("eve");
      await dialog.getByRole("button", { name: /Eve/ }).click();
      await dialog.getByRole("button", { name: say("people.createGroup"), exact: true }).click();
      await sees(page, say("people.titleMissing"));
    },
  },
  { name: "chat", path: inChat, open: (page) => reads(page, "See you at the pier") },
  {
    name: "chat-writing",
    path: inChat,
    open: async (page, say) => {
      await menuOf(page, "See you at the pier");
      await page.getByRole("menuitem", { name: say("chat.reply"), exact: true }).click();
      await page.getByRole("textbox", { name: say("chat.message"), exact: true }).fill("two\nlines");
    },
  },
  { name: "message-menu", path: inChat, open: (page) => menuOf(page, "See you at the pier") },
  { name: "pinned-menu", path: inChat, open: (page, say) => pinnedMenu(page, say) },
  {
    name: "unpin",
    path: inChat,
    open: async (page, say) => {
      await pinnedMenu(page, say);
      await page.getByRole("menuitem", { name: say("chat.unpinForAll") }).click();
      await expect(page.getByRole("dialog", { name: say("chat.unpinTitle") })).toBeVisible();
    },
  },
  {
    name: "emoji",
    path: inChat,
    open: async (page, say) => {
      await reads(page, "See you at the pier");
      await page.getByRole("button", { name: say("chat.emoji.open"), exact: true }).click();
      await expect(page.getByRole("gridcell").first()).toBeVisible();
    },
  },
  {
    name: "find-in-chat",
    path: inChat,
    open: async (page, say) => {
      await reads(page, "See you at the pier");
      await page.getByRole("button", { name: say("chat.search"), exact: true }).click();
      await page.getByRole("main").getByRole("searchbox").fill("charger");
      await expect(page.getByRole("main").locator("mark").first()).toBeVisible();
    },
  },
  { name: "message-details", path: inChat, open: (page, say) => dialogOf(page, say("chat.details")) },
  { name: "message-delete", path: inChat, open: (page, say) => dialogOf(page, say("chat.deleteMore")) },
  {
    name: "message-report",
    path: inChat,
    open: async (page, say) => {
      await menuOf(page, "don’t forget the charger");
      await page.getByRole("menuitem", { name: say("safety.report"), exact: true }).click();
      await sees(page, say("safety.noteHint"));
    },
  },
  { name: "message-forward", path: inChat, open: (page, say) => dialogOf(page, say("chat.forward")) },
  { name: "group", path: inGroup, open: (page) => reads(page, "jacket all the same") },
  {
    name: "group-info",
    path: (world) => `${inGroup(world)}/info`,
    open: (page) => expect(page.getByRole("main").getByText("@lea")).toBeVisible(),
  },
  {
    name: "group-edit",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("group.edit"), exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "group-permissions",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("group.permissions"), exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "group-invites",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("group.invites"), exact: true }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: say("group.invite.create") })
        .click();
      await expect(
        page
          .getByRole("dialog")
          .getByText(/\/join\//)
          .first(),
      ).toBeVisible();
    },
  },
  {
    name: "group-invite-code",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("group.invites"), exact: true }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: say("group.invite.create") })
        .click();
      await page
        .getByRole("button", { name: say("group.invite.showCode") })
        .first()
        .click();
      await expect(page.getByRole("img", { name: say("group.invite.code") })).toBeVisible();
    },
  },
  {
    name: "group-disappearing",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("group.disappearing"), exact: true }).click();
      await sees(page, say("group.disappearingText"));
    },
  },
  {
    name: "group-join-over",
    path: () => "/join/none",
    open: (page, say) => sees(page, say("group.join.over")),
  },
  {
    name: "group-leave",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("chats.leave"), exact: true }).click();
      await expect(page.getByRole("dialog").getByText(/Marsh|Ångström|ليلى/)).toBeVisible();
    },
  },
  {
    name: "group-add",
    path: (world) => `${inGroup(world)}/info`,
    open: async (page, say) => {
      await page.getByRole("button", { name: say("group.addMembers"), exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "person-info",
    path: (world) => `${inChat(world)}/info`,
    open: (page) => expect(page.getByRole("main").getByText("@bob").first()).toBeVisible(),
  },
  {
    name: "empty-chat",
    path: (world) => `/chat/${world.empty}`,
    open: (page, say) => sees(page, say("chat.empty.hello")),
  },
  {
    name: "no-such-chat",
    path: () => "/chat/none",
    open: (page, say) => sees(page, say("chat.notFound.title")),
  },
  { name: "no-such-page", path: () => "/nowhere", open: (page, say) => sees(page, say("frame.notFound")) },
  { name: "settings", path: () => "/settings", open: (page, say) => sees(page, say("settings.signOut")) },
  ...(["profile", "devices", "notifications", "appearance", "storage", "about"] as const).map(
    (section): Screen => ({
      name: `settings-${section}`,
      path: () => `/settings/${section}`,
      open: async (page, say) => {
        const heading = page.getByRole("main").getByRole("heading", { name: say(`settings.${section}`) });
        await expect(heading).toBeVisible();
        await expect(page.getByRole("main").locator(".breathe")).toHaveCount(0);
      },
    }),
  ),
  {
    name: "settings-privacy",
    path: () => "/settings/privacy",
    open: (page, say) => sees(page, say("privacy.receipts")),
  },
  {
    name: "settings-account",
    path: () => "/settings/account",
    open: (page, say) => sees(page, say("account.changePasswordText")),
  },
  {
    name: "step-up",
    path: () => "/settings/account",
    open: async (page, say) => {
      await page.getByRole("button", { name: say("account.twoStepManage"), exact: true }).click();
      await sees(page, say("account.stepUpText"));
    },
  },
  {
    name: "delete-account",
    path: () => "/settings/account",
    open: async (page, say) => {
      await page.getByRole("button", { name: say("rights.delete"), exact: true }).click();
      await sees(page, say("rights.keepHint"));
    },
  },
  {
    name: "shortcuts",
    path: () => "/settings/shortcuts",
    open: (page) => expect(page.locator("kbd").first()).toBeVisible(),
  },
  {
    name: "sign-out",
    path: () => "/settings",
    open: async (page, say) => {
      await page.getByRole("button", { name: say("settings.signOut"), exact: true }).click();
      await sees(page, say("settings.signOutText"));
    },
  },
];

/** A browser whose owner chose that, and likes things to keep still. */
export function preferring(origin: string, preferences: object): BrowserContextOptions {
  const localStorage = [{ name: "nc-prefs", value: JSON.stringify(preferences) }];
  return { reducedMotion: "reduce", storageState: { cookies: [], origins: [{ origin, localStorage }] } };
}

/** Signs in as who looks at the screens. */
export async function signIn(page: Page, say: Say, password: string): Promise<void> {
  await page.getByRole("textbox", { name: say("signin.email"), exact: true }).fill("ann");
  await page.getByRole("textbox", { name: say("signin.password"), exact: true }).fill(password);
  await page.getByRole("button", { name: say("signin.signIn"), exact: true }).click();
  await sees(page, "Bob Marsh");
}

async function sees(page: Page, text: string): Promise<void> {
  await expect(page.getByText(text).filter({ visible: true }).first()).toBeVisible();
}

async function reads(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: text }).first()).toBeVisible();
}

async function menuOf(page: Page, text: string): Promise<void> {
  await reads(page, text);
  const item = page.getByRole("main").getByRole("listitem").filter({ hasText: text });
  await item.last().locator("time").click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
}

async function dialogOf(page: Page, action: string): Promise<void> {
  await menuOf(page, "See you at the pier");
  await page.getByRole("menuitem", { name: action, exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.getByRole("dialog").locator(".breathe")).toHaveCount(0);
}

async function pinnedMenu(page: Page, say: Say): Promise<void> {
  await page.getByRole("button", { name: say("chat.pinnedMore"), exact: true }).click();
  await expect(page.getByRole("menu")).toBeVisible();
}
