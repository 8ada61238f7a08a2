import { expect, type Page } from "@playwright/test";
import type { Say } from "../words";
import { choose, dialogIn, inChat, inGroup, menuOf, press, reads, sees } from "./gestures";
import type { Screen } from "./screen";

const LAST = "See you at the pier";

/** A chat, what can be done with its messages, and why one can't write. */
export const CHAT: Screen[] = [
  { name: "chat", path: inChat, open: (page) => reads(page, LAST) },
  {
    name: "chat-editing",
    path: inChat,
    open: async (page, say) => {
      await choose(page, say("chat.edit"), LAST);
      await expect(box(page, say)).toHaveValue(/pier/);
    },
  },
  {
    name: "chat-hovered",
    path: inChat,
    open: async (page) => {
      await reads(page, LAST);
      await page.getByRole("main").getByRole("listitem").filter({ hasText: LAST }).last().hover();
    },
  },
  { name: "message-menu", path: inChat, open: (page) => menuOf(page, LAST) },
  { name: "pinned-menu", path: inChat, open: pinnedMenu },
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
    name: "pins",
    path: inChat,
    open: async (page, say) => {
      await pinnedMenu(page, say);
      await page.getByRole("menuitem", { name: say("chat.pinnedAll") }).click();
      await expect(page.getByRole("list", { name: say("chat.pinnedAll") })).toBeVisible();
    },
  },
  {
    name: "selection",
    path: inChat,
    open: async (page, say) => {
      await choose(page, say("chat.select"), LAST);
      await expect(page.getByRole("toolbar", { name: say("chat.selection.title") })).toBeVisible();
    },
  },
  {
    name: "emoji",
    path: inChat,
    open: async (page, say) => {
      await reads(page, LAST);
      await press(page, say("chat.emoji.open"));
      await expect(page.getByRole("gridcell").first()).toBeVisible();
    },
  },
  {
    name: "find-in-chat",
    path: inChat,
    open: async (page, say) => {
      await find(page, say, "charger");
      await expect(page.getByRole("main").locator("mark").first()).toBeVisible();
    },
  },
  {
    name: "find-in-chat-none",
    path: inChat,
    open: async (page, say) => {
      await find(page, say, "zzz");
      await sees(page, say("chat.find.none"));
    },
  },
  { name: "message-details", path: inChat, open: (page, say) => dialogOf(page, say("chat.details")) },
  { name: "message-delete", path: inChat, open: (page, say) => dialogOf(page, say("chat.deleteMore")) },
  { name: "message-forward", path: inChat, open: (page, say) => dialogOf(page, say("chat.forward")) },
  {
    name: "message-report",
    path: inChat,
    open: async (page, say) => {
      await choose(page, say("safety.report"), "don’t forget the charger");
      await sees(page, say("safety.noteHint"));
    },
  },
  {
    name: "message-delete-theirs",
    path: inChat,
    open: async (page, say) => {
      await choose(page, say("chat.deleteMore"), "don’t forget the charger");
      await dialogIn(page);
    },
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
  { name: "group", path: inGroup, open: (page) => reads(page, "jacket all the same") },
  {
    name: "group-mention",
    path: inGroup,
    open: async (page, say) => {
      await reads(page, "jacket all the same");
      await box(page, say).pressSequentially("@");
      await expect(page.getByRole("listbox")).toBeVisible();
    },
  },
  {
    name: "group-emoji",
    path: inGroup,
    open: async (page, say) => {
      await reads(page, "jacket all the same");
      await box(page, say).fill("");
      await box(page, say).pressSequentially(":smi");
      await expect(page.getByRole("listbox")).toBeVisible();
    },
  },
  {
    name: "person",
    path: inGroup,
    open: async (page) => {
      await reads(page, "jacket all the same");
      await page.getByRole("main").getByRole("button", { name: "Bob Marsh", exact: true }).click();
      await dialogIn(page);
    },
  },
  {
    name: "group-message-details",
    path: inGroup,
    open: async (page, say) => {
      await choose(page, say("chat.details"), "I am");
      await dialogIn(page);
    },
  },
  {
    name: "group-silent",
    path: (world) => `/chat/${world.notices}`,
    open: (page, say) => sees(page, say("chat.adminsOnly")),
  },
  {
    name: "group-slow",
    path: (world) => `/chat/${world.slow}`,
    open: async (page, say) => {
      await reads(page, "I move that we adjourn");
      await expect(
        page.getByRole("button", { name: say("chat.send"), exact: true }),
      ).toHaveAccessibleDescription(/\d/);
    },
  },
  {
    name: "chat-blocked",
    path: (world) => `/chat/${world.blocked}`,
    open: async (page, say) => {
      await expect(page.getByRole("button", { name: say("contacts.unblock"), exact: true })).toBeVisible();
    },
  },
  // The last one, since what is written stays there.
  {
    name: "chat-writing",
    path: inChat,
    open: async (page, say) => {
      await choose(page, say("chat.reply"), LAST);
      await box(page, say).fill("two\nlines");
    },
  },
];

function box(page: Page, say: Say) {
  return page.getByRole("textbox", { name: say("chat.message"), exact: true });
}

async function find(page: Page, say: Say, text: string): Promise<void> {
  await reads(page, LAST);
  await press(page, say("chat.search"));
  await page.getByRole("main").getByRole("searchbox").fill(text);
}

async function dialogOf(page: Page, action: string): Promise<void> {
  await choose(page, action, LAST);
  await dialogIn(page);
}

async function pinnedMenu(page: Page, say: Say): Promise<void> {
  await press(page, say("chat.pinnedMore"));
  await expect(page.getByRole("menu")).toBeVisible();
}
