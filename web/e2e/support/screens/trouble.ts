import { expect, type Page } from "@playwright/test";
import type { Say } from "../words";
import { choose, forget, hold, inChat, reads, refuse, root, sees, write } from "./gestures";
import type { Screen } from "./screen";

const REFUSED = "Can you read this?";
const AGAIN = "Are you there?";

/** What is said when something is slow, fails, or is over. */
export const TROUBLE: Screen[] = [
  {
    name: "loading-dialog",
    path: inChat,
    given: (page) => hold(page, "/messages/*/receipts"),
    open: async (page, say) => {
      await choose(page, say("chat.details"), "See you at the pier");
      await expect(page.getByRole("dialog").locator(".breathe")).toBeVisible();
    },
  },
  {
    name: "loading-settings",
    path: () => "/settings/devices",
    given: (page) => hold(page, "/auth/sessions"),
    open: (page) => expect(page.getByRole("main").locator(".breathe")).toBeVisible(),
  },
  {
    name: "failed-starred",
    path: () => "/starred",
    given: (page) => refuse(page, "/starred*", 500, "unavailable"),
    open: again,
  },
  {
    name: "failed-dialog",
    path: inChat,
    given: (page) => refuse(page, "/messages/*/receipts", 500, "unavailable"),
    open: async (page, say) => {
      await choose(page, say("chat.details"), "See you at the pier");
      await again(page, say);
    },
  },
  {
    name: "failed-settings",
    path: () => "/settings/devices",
    given: (page) => refuse(page, "/auth/sessions", 429, "rate_limited"),
    open: again,
  },
  {
    name: "edit-refused",
    path: inChat,
    given: (page) => refuse(page, "/messages/*", 403, "forbidden"),
    open: async (page, say) => {
      await choose(page, say("chat.edit"), "See you at the pier");
      await page
        .getByRole("textbox", { name: say("chat.message"), exact: true })
        .fill("See you on the boat!");
      await page.getByRole("button", { name: say("chat.saveEdit"), exact: true }).click();
      await sees(page, say("chat.editTooLate"));
    },
    leave: async (page) => {
      await page.getByRole("alert").locator("xpath=..").getByRole("button").last().click();
    },
  },
  {
    name: "change-refused",
    path: inChat,
    given: (page) => refuse(page, "/messages/*/star", 403, "forbidden"),
    open: async (page, say) => {
      await choose(page, say("chat.star"), "See you at the pier");
      // It stays for as long as the pointer is on it.
      await page.getByRole("group", { name: say("notDone.star") }).hover();
    },
  },
  {
    name: "offline",
    path: (world) => `/chat/${world.refusing}`,
    open: async (page, say) => {
      await sees(page, say("chat.empty.hello"));
      await page.context().setOffline(true);
      await write(page, say, REFUSED);
      await reads(page, REFUSED);
      await expect(page.getByRole("status").filter({ hasText: /1|١/ }).first()).toBeVisible();
    },
    leave: (page) => page.context().setOffline(false),
  },
  {
    name: "message-failed",
    path: (world) => `/chat/${world.refusing}`,
    open: async (page, say) => {
      await sees(page, say("contacts.notTaken"));
      await write(page, say, AGAIN);
      await expect(page.getByText(say("contacts.notTaken"))).toHaveCount(2);
    },
  },
  {
    name: "chats-failed",
    path: root,
    open: (page) => sees(page, AGAIN),
  },
  {
    name: "chat-gone",
    path: (world) => `/chat/${world.left}`,
    open: async (page, say, { bob, left, ann }) => {
      await expect(page.getByRole("textbox", { name: say("chat.message"), exact: true })).toBeVisible();
      await bob.delete(`/chats/${left}/members/${ann.id}`);
      await sees(page, say("chat.removed.title"));
    },
    leave: async (_, { bob, left, ann }) => {
      await bob.post(`/chats/${left}/members`, { userIds: [ann.id] });
    },
  },
  // The last ones: what becomes of the socket can't be taken back.
  {
    name: "loading-chats",
    path: root,
    given: async (page) => {
      await forget(page);
      await page.routeWebSocket(/socket\.io/, (here) => {
        const there = here.connectToServer();
        here.onMessage((packet) => {
          if (!packet.includes('["sync",')) there.send(packet);
        });
      });
    },
    open: (page) => expect(page.getByRole("navigation").locator(".breathe")).toBeVisible(),
  },
  {
    name: "no-chats-yet",
    path: root,
    given: async (page) => {
      await forget(page);
      await page.routeWebSocket(/socket\.io/, () => {});
    },
    open: (page, say) => sees(page, say("chats.notYet")),
  },
  {
    name: "no-contacts-yet",
    path: () => "/contacts",
    open: (page, say) => sees(page, say("contacts.notYet")),
  },
  {
    name: "loading-chat",
    path: inChat,
    given: (page) => hold(page, "/chats/**"),
    open: (page) => expect(page.getByRole("main").locator(".breathe").first()).toBeVisible(),
  },
  {
    name: "failed-chat",
    path: inChat,
    given: (page) => refuse(page, "/chats/**", 500, "unavailable"),
    open: again,
  },
];

async function again(page: Page, say: Say): Promise<void> {
  const button = page.getByRole("button").filter({ hasText: say("kit.tryAgain") });
  await expect(button.first()).toBeVisible();
}
