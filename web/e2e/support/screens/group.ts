import { expect, type Locator, type Page } from "@playwright/test";
import type { Say } from "../words";
import { atGroupInfo, choose, dialogIn, inChat, press, refuse, sees } from "./gestures";
import type { Screen } from "./screen";

/** Who is in a chat, what they may, and how others get in. */
export const GROUP: Screen[] = [
  {
    name: "group-info",
    path: atGroupInfo,
    open: (page) => expect(page.getByRole("main").getByText("@lea")).toBeVisible(),
  },
  { name: "group-edit", path: atGroupInfo, open: (page, say) => opens(page, say("group.edit")) },
  {
    name: "group-permissions",
    path: atGroupInfo,
    open: (page, say) => opens(page, say("group.permissions")),
  },
  { name: "group-add", path: atGroupInfo, open: (page, say) => opens(page, say("group.addMembers")) },
  {
    name: "group-disappearing",
    path: atGroupInfo,
    open: (page, say) => opens(page, say("group.disappearing")),
  },
  {
    name: "group-options",
    path: atGroupInfo,
    open: async (page, say) => {
      await press(page, say("group.options"));
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  {
    name: "group-leave",
    path: atGroupInfo,
    open: async (page, say) => {
      await press(page, say("chats.leave"));
      await expect(page.getByRole("dialog").getByText(/Marsh|Ångström|ليلى/)).toBeVisible();
    },
  },
  { name: "group-delete", path: atGroupInfo, open: (page, say) => opens(page, say("chats.delete")) },
  {
    name: "group-member",
    path: atGroupInfo,
    open: async (page, say) => {
      await memberIn(page, say).getByRole("button").first().click();
      await dialogIn(page);
    },
  },
  { name: "group-member-menu", path: atGroupInfo, open: menuOfMember },
  {
    name: "group-transfer",
    path: atGroupInfo,
    open: async (page, say) => {
      await menuOfMember(page, say);
      await choose(page, say("group.transfer"));
      await dialogIn(page);
    },
  },
  {
    name: "group-remove",
    path: atGroupInfo,
    open: async (page, say) => {
      await menuOfMember(page, say);
      await choose(page, say("group.remove"));
      await dialogIn(page);
    },
  },
  {
    name: "group-report",
    path: (world) => `/chat/${world.notices}/info`,
    open: (page, say) => opens(page, say("safety.reportGroup")),
  },
  {
    name: "group-invites",
    path: atGroupInfo,
    open: async (page, say) => {
      await invite(page, say);
    },
  },
  {
    name: "group-invite-code",
    path: atGroupInfo,
    open: async (page, say) => {
      await press(await invite(page, say), say("group.invite.showCode"));
      await expect(page.getByRole("img", { name: say("group.invite.code") })).toBeVisible();
    },
  },
  {
    name: "group-invite-revoke",
    path: atGroupInfo,
    open: async (page, say) => {
      await press(await invite(page, say), say("group.invite.revoke"));
      await sees(page, say("group.invite.revokeText"));
    },
  },
  {
    name: "group-joiners",
    path: atGroupInfo,
    open: async (page) => {
      await joiners(page).click();
      await expect((await dialogIn(page)).getByText("@max")).toBeVisible();
    },
  },
  {
    name: "group-join",
    path: (world) => `/join/${world.openLink}`,
    open: async (page, say) => {
      await expect(page.getByRole("button", { name: say("group.join.join"), exact: true })).toBeVisible();
    },
  },
  {
    name: "group-join-refused",
    path: (world) => `/join/${world.openLink}`,
    given: (page) => refuse(page, "/invites/*/join", 403, "forbidden"),
    open: async (page, say) => {
      await press(page, say("group.join.join"));
      await sees(page, say("failure.forbidden"));
    },
  },
  {
    name: "group-join-asked",
    path: (world) => `/join/${world.askedLink}`,
    open: (page, say) => sees(page, say("group.join.waiting")),
  },
  {
    name: "group-join-over",
    path: () => "/join/none",
    open: (page, say) => sees(page, say("group.join.over")),
  },
  {
    name: "person-info",
    path: (world) => `${inChat(world)}/info`,
    open: (page) => expect(page.getByRole("main").getByText("@bob").first()).toBeVisible(),
  },
];

async function opens(page: Page, button: string): Promise<void> {
  await press(page, button);
  await dialogIn(page);
}

const joiners = (page: Page) => page.getByRole("main").locator("button", { hasText: /1|شخص/ }).first();

async function invite(page: Page, say: Say): Promise<Locator> {
  await press(page, say("group.invites"));
  const dialog = await dialogIn(page);
  await press(dialog, say("group.invite.create"));
  await expect(dialog.getByText(/\/join\//).first()).toBeVisible();
  return dialog;
}

/** Of somebody who is not the owner. */
/** Messages name him, too, beside a wide window's list of members. */
function memberIn(page: Page, say: Say): Locator {
  const members = page.getByRole("list", { name: say("people.members"), exact: true });
  return members.getByRole("listitem").filter({ hasText: "@bob" });
}

async function menuOfMember(page: Page, say: Say): Promise<void> {
  await memberIn(page, say).getByRole("button").last().click();
  await expect(page.getByRole("menu")).toBeVisible();
}
