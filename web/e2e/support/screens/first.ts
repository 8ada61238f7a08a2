import { expect } from "@playwright/test";
import { dialogIn, press, root, sees } from "./gestures";
import type { Screen } from "./screen";

/** What somebody sees who has nothing yet, and what they are to do about it. */
export const FIRST: Screen[] = [
  { name: "first-chats", path: root, open: (page, say) => sees(page, say("chats.noneText")) },
  {
    name: "first-invite",
    path: root,
    open: async (page, say) => {
      await press(page, say("chats.invite"));
      await page.getByRole("group", { name: say("group.invite.copied") }).hover();
    },
  },
  {
    name: "first-new-chat",
    path: root,
    open: async (page, say) => {
      await press(page, say("chats.start"));
      await sees(page, say("people.whomText"));
    },
  },
  {
    name: "first-ask",
    path: root,
    open: async (page, say) => {
      await press(page, say("chats.start"));
      await page.getByRole("dialog").getByRole("textbox").fill("ann");
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /Ann Keller/ })
        .click();
      await expect(page.getByRole("textbox", { name: say("contacts.note"), exact: true })).toBeVisible();
    },
  },
  {
    name: "first-archived",
    path: () => "/archived",
    open: (page, say) => sees(page, say("chats.noArchived")),
  },
  { name: "first-contacts", path: () => "/contacts", open: (page, say) => sees(page, say("contacts.none")) },
  {
    name: "first-contact",
    path: () => "/contacts",
    open: async (page, say) => {
      await press(page, say("contacts.add"));
      await dialogIn(page);
    },
  },
  {
    name: "first-requests",
    path: () => "/requests",
    open: (page, say) => sees(page, say("contacts.noRequests")),
  },
  { name: "first-starred", path: () => "/starred", open: (page, say) => sees(page, say("search.noStars")) },
  { name: "first-search", path: () => "/search", open: (page, say) => sees(page, say("search.start")) },
  {
    name: "first-privacy",
    path: () => "/settings/privacy",
    open: (page, say) => sees(page, say("contacts.noBlocked")),
  },
];
