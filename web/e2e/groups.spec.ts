import { until } from "../../e2e/support/nexus.js";
import { PASSWORD, Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { longTalk, readAll, sendAll } from "./support/seed";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();
let ann: Person;
let bob: Person;
let eve: Person;

test.beforeAll(async () => {
  [ann, bob, eve] = await Promise.all([
    Person.signUp(server.nexus, "ann"),
    Person.signUp(server.nexus, "bob"),
    Person.signUp(server.nexus, "eve"),
  ]);
});

type Open = (options?: object) => Promise<{ open: (url: string) => Promise<Client> }>;

async function signedIn(device: Open, username: string, options: object = DESKTOP): Promise<Client> {
  const client = await (await device(options)).open(server.url);
  await client.signIn(username);
  return client;
}

async function openInfo(client: Client): Promise<void> {
  await client.header.click();
  await expect(client.page.getByRole("heading", { name: "Group info" })).toBeVisible();
}

/** What is behind the three dots of a member. */
async function choose(client: Client, name: string, action: string): Promise<void> {
  await client.button(`More for ${name}`).click();
  await client.item(action).click();
}

function rowOf(client: Client, name: string) {
  return client.page.getByRole("list", { name: "Members" }).getByRole("listitem").filter({ hasText: name });
}

test("who may write is the owner's to say, and what was typed stays for when one may again", async ({
  device,
}) => {
  await ann.group("Notices", bob);
  const owner = await signedIn(device, "ann");
  const member = await signedIn(device, "bob", PHONE);
  await owner.openChat("Notices");
  await member.openChat("Notices");
  await member.box.fill("half a thought");

  await openInfo(owner);
  await owner.button("Permissions").click();
  const dialog = owner.dialog("Permissions");
  const senders = dialog.getByRole("group", { name: "Send messages" });
  await expect(senders.getByRole("radio", { name: "Everyone" })).toBeChecked();
  await senders.getByText("Admins").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(member.page.getByText("Only admins can write here.")).toBeVisible();
  await expect(member.box).toHaveCount(0);
  await expect(member.message("ANN changed what members may do")).toBeVisible();

  await choose(owner, "BOB", "Make admin");
  await expect(member.box).toHaveValue("half a thought");
  await member.button("Send").click();
  await expect(member.message("You, half a thought", "(Sent|Delivered|Read)")).toBeVisible();
});

test("an admin deals out rights, but not those that are the owner's alone", async ({ device }) => {
  const chat = await ann.group("Council", bob);
  await ann.patch(`/chats/${chat.id}/members/${bob.id}`, { role: "admin" });
  await ann.patch(`/chats/${chat.id}`, { permissions: { pin: "owner" } });
  const admin = await signedIn(device, "bob");
  await admin.openChat("Council");
  await openInfo(admin);
  await admin.button("Permissions").click();
  const dialog = admin.dialog("Permissions");
  await expect(dialog.getByText("Only the owner may, and change this.")).toBeVisible();
  await expect(dialog.getByRole("group", { name: "Pin messages" })).toHaveCount(0);
  await expect(dialog.getByRole("radio", { name: "Owner" })).toHaveCount(0);
  await dialog.getByRole("group", { name: "Add members" }).getByText("Everyone").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  const { body } = await ann.get(`/chats/${chat.id}`);
  expect(body.chat.permissions).toMatchObject({ addMembers: "member", pin: "owner" });
});

test("in a group that takes its time each waits for their turn, and keeps what was typed", async ({
  device,
}) => {
  await ann.group("Assembly", bob);
  const owner = await signedIn(device, "ann");
  const member = await signedIn(device, "bob");
  await owner.openChat("Assembly");
  await openInfo(owner);
  await owner.button("Permissions").click();
  const dialog = owner.dialog("Permissions");
  await dialog.getByRole("group", { name: "Pause between messages" }).getByText("5 sec").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);

  await member.openChat("Assembly");
  await expect(member.message("ANN turned slow mode on: one message every 5 s")).toBeVisible();
  await member.send("first");
  await member.box.fill("second");
  const words = member.page.getByText(/You can write again in [1-5] s/);
  await expect(words).toBeVisible();
  await expect(member.button("Send")).toHaveAccessibleDescription(/You can write again/);
  await member.box.press("Enter");
  await expect(member.box).toHaveValue("second");
  await expect(words).toHaveCount(0);
  await member.button("Send").click();
  await expect(member.message("second", "(Sent|Delivered|Read)")).toBeVisible();
  await expect(member.page.getByRole("listitem", { name: /Failed$/ })).toHaveCount(0);
});

test("who joins where history begins with joining sees nothing of before", async ({ device }) => {
  const chat = await ann.group("Archive", bob);
  const line = await ann.connect();
  await sendAll(ann, line, chat, ["said before"]);
  line.close();
  const owner = await signedIn(device, "ann");
  const guest = await signedIn(device, "eve", PHONE);
  await owner.openChat("Archive");
  await openInfo(owner);
  await owner.button("Permissions").click();
  const dialog = owner.dialog("Permissions");
  await dialog.getByRole("switch", { name: "New members see earlier messages" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await ann.post(`/chats/${chat.id}/members`, { userIds: [eve.id] });
  await guest.openChat("Archive");
  await expect(guest.message("ANN added you")).toBeVisible();
  await expect(guest.message("said before")).toHaveCount(0);
  await expect(guest.rows).toHaveCount(1);
});

test("an owner hands the group over once asked twice, and is an admin from then on", async ({ device }) => {
  await ann.group("Boat", bob);
  const owner = await signedIn(device, "ann");
  const heir = await signedIn(device, "bob", PHONE);
  await owner.openChat("Boat");
  await openInfo(owner);
  await choose(owner, "BOB", "Hand over the group");
  await owner.dialog("Hand the group over to BOB?").getByRole("button", { name: "Cancel" }).click();
  await expect(owner.button("Delete group")).toBeVisible();
  await choose(owner, "BOB", "Hand over the group");
  const dialog = owner.dialog("Hand the group over to BOB?");
  await dialog.getByRole("button", { name: "Hand over the group" }).click();
  await expect(rowOf(owner, "BOB")).toContainText("Owner");
  await expect(rowOf(owner, "@ann")).toContainText("Admin");
  await expect(owner.button("Delete group")).toHaveCount(0);

  await heir.openChat("Boat");
  await expect(heir.message("ANN handed the group over to you")).toBeVisible();
  await openInfo(heir);
  await expect(heir.button("Delete group")).toBeVisible();
});

test("an owner who leaves is told who follows, who can end the group for all", async ({ device }) => {
  const chat = await ann.group("Choir", bob, eve);
  await ann.patch(`/chats/${chat.id}/members/${eve.id}`, { role: "admin" });
  const owner = await signedIn(device, "ann");
  const heir = await signedIn(device, "eve", PHONE);
  const member = await signedIn(device, "bob");
  await owner.openChat("Choir");
  await heir.openChat("Choir");
  await member.openChat("Choir");

  await openInfo(owner);
  await owner.button("Leave group").click();
  const leaving = owner.dialog("Leave Choir?");
  await expect(leaving).toContainText("EVE becomes the owner.");
  await leaving.getByRole("button", { name: "Leave group" }).click();
  await expect(owner.chat("Choir")).toHaveCount(0);
  await expect(owner.page).toHaveURL(`${server.url}/`);
  await expect(heir.message("ANN left the group and handed it over to you")).toBeVisible();

  await openInfo(heir);
  await heir.button("Delete group").click();
  await heir.dialog("Delete Choir?").getByRole("button", { name: "Delete group" }).click();
  await expect(heir.button("New chat")).toBeVisible();
  await expect(heir.chat("Choir")).toHaveCount(0);
  await expect(member.page.getByText("You are no longer in this chat")).toBeVisible();
  await expect(member.chat("Choir")).toHaveCount(0);
});

test("a message goes on to several chats at once, and says there that it was forwarded", async ({
  device,
}) => {
  await ann.group("Here", bob);
  await ann.group("There", bob);
  await ann.group("Yonder", bob);
  const closed = await bob.group("Listening only", ann);
  await bob.patch(`/chats/${closed.id}`, { permissions: { send: "admin" } });
  const writer = await signedIn(device, "ann");
  const reader = await signedIn(device, "bob", PHONE);
  await writer.openChat("Here");
  await writer.send("the **early** boat");
  await expect(writer.message("early", "(Sent|Delivered|Read)")).toBeVisible();
  await writer.menuOf("early");
  await writer.item("Forward").click();
  const dialog = writer.dialog("Forward to");
  await expect(dialog.getByRole("button", { name: "Listening only" })).toHaveCount(0);
  await dialog.getByRole("button", { name: "Yonder" }).click();
  await dialog.getByRole("searchbox", { name: "Search chats" }).fill("ther");
  await dialog.getByRole("button", { name: "There" }).click();
  await dialog.getByRole("button", { name: /^Forward .*2/ }).click();
  await expect(writer.page.getByRole("group", { name: "Forwarded to 2 chats" })).toBeVisible();

  for (const name of ["There", "Yonder"]) {
    await expect(reader.chat(name)).toContainText("the early boat");
    await reader.openChat(name);
    await expect(reader.message("early")).toContainText("Forwarded");
    await reader.page.goBack();
  }
});

test("who was mentioned far up gets there by one press", async ({ device }) => {
  const chat = await ann.group("Long", bob);
  const anns = await ann.connect();
  const bobs = await bob.connect();
  await sendAll(ann, anns, chat, longTalk(30));
  await readAll(bob, bobs, chat);
  await sendAll(
    ann,
    anns,
    chat,
    longTalk(40).map((text) => `more ${text}`),
  );
  await anns.send(chat, "@bob the tickets are with you", { mentions: [bob.id] });
  await sendAll(
    ann,
    anns,
    chat,
    longTalk(60).map((text) => `yet ${text}`),
  );
  await until("the mention is counted", async () => {
    const { body } = await bob.get(`/chats/${chat.id}`);
    return body.chat.me.mentions === 1;
  });
  for (const line of [anns, bobs]) line.close();

  const reader = await signedIn(device, "bob");
  await reader.openChat("Long");
  const mention = reader.message("the tickets are with you");
  await expect(reader.button("Jump to mention")).toHaveAccessibleDescription(/1/);
  await expect(mention).not.toBeInViewport();
  await reader.button("Jump to mention").click();
  await expect(mention).toBeInViewport();
  await expect(reader.button("Jump to mention")).toHaveCount(0);
  await reader.button("Jump to latest").click();
  await expect(reader.message("yet 60 ")).toBeInViewport();
});

test("who has a link signs in, sees what group it is, and joins; a revoked one lets nobody in", async ({
  device,
}) => {
  const chat = await ann.group("Open house", bob);
  const owner = await signedIn(device, "ann");
  await owner.openChat("Open house");
  await openInfo(owner);
  await owner.button("Invitation links").click();
  const dialog = owner.dialog("Invitation links");
  await expect(dialog.getByText("There is no link yet.")).toBeVisible();
  await dialog.getByRole("button", { name: "Create link" }).click();
  const row = dialog.getByRole("list", { name: "Invitation links" }).getByRole("listitem");
  await expect(row).toContainText("not used");
  const link = (await row.getByText(/\/join\//).textContent()) ?? "";

  const phone = await device(PHONE);
  phone.expectConsole(/status of 410/);
  const guest = await phone.open(link);
  await guest.field("Email").fill("eve");
  await guest.field("Password").fill(PASSWORD);
  await guest.button("Sign in").click();
  await expect(guest.page.getByRole("heading", { name: "Open house" })).toBeVisible();
  await guest.button("Join").click();
  await expect(guest.message("You joined by an invitation link")).toBeVisible();
  await expect(guest.box).toBeVisible();
  await guest.page.goto(link);
  await expect(guest.box).toBeVisible();

  await row.getByRole("button", { name: "Revoke link" }).click();
  await owner.dialog("Revoke this link?").getByRole("button", { name: "Revoke link" }).click();
  await expect(dialog.getByText("There is no link yet.")).toBeVisible();
  await eve.post(`/chats/${chat.id}/leave`);
  await guest.page.goto(link);
  await expect(guest.page.getByText("This link is not valid")).toBeVisible();
});

test("who comes by a link that asks first is let in by an admin, or turned away, and sees it happen", async ({
  device,
}) => {
  const chat = await ann.group("Night walk", bob);
  await ann.patch(`/chats/${chat.id}/members/${bob.id}`, { role: "admin" });
  const owner = await signedIn(device, "ann");
  const admin = await signedIn(device, "bob", PHONE);
  await owner.openChat("Night walk");
  await openInfo(owner);
  await owner.button("Invitation links").click();
  const dialog = owner.dialog("Invitation links");
  await dialog.getByRole("switch", { name: "Somebody has to let them in" }).click();
  await dialog.getByRole("button", { name: "Create link" }).click();
  const row = dialog.getByRole("list", { name: "Invitation links" }).getByRole("listitem");
  await expect(row).toContainText("has to be let in");
  await row.getByRole("button", { name: "Show as QR code" }).click();
  await expect(owner.page.getByRole("img", { name: "QR code of the link" })).toBeVisible();
  await owner.page.keyboard.press("Escape");
  const link = (await row.getByText(/\/join\//).textContent()) ?? "";
  await owner.page.keyboard.press("Escape");

  const guest = await (await device()).open(link);
  await guest.field("Email").fill("eve");
  await guest.field("Password").fill(PASSWORD);
  await guest.button("Sign in").click();
  await guest.button("Ask to join").click();
  await expect(guest.page.getByText("You have asked to join.")).toBeVisible();
  await guest.page.reload();
  await expect(guest.page.getByText("You have asked to join.")).toBeVisible();

  await expect(admin.chat("Night walk")).toContainText("1 person asks to join");
  await owner.button("1 person asks to join").first().click();
  const queue = owner.dialog("Requests to join");
  await queue.getByRole("button", { name: "Turn EVE away" }).click();
  await expect(queue.getByText("Nobody waits")).toBeVisible();
  await expect(guest.page.getByText("You were not let in.")).toBeVisible();

  await guest.button("Ask to join").click();
  await expect(queue.getByRole("listitem")).toContainText("@eve");
  await admin.openChat("Night walk");
  await admin.button("1 person asks to join").click();
  await admin.dialog("Requests to join").getByRole("button", { name: "Let EVE in" }).click();
  await expect(guest.box).toBeVisible();
  await expect(guest.message("BOB added you")).toBeVisible();
  await expect(queue.getByText("Nobody waits")).toBeVisible();
  await expect(admin.page.getByText("asks to join")).toHaveCount(0);
});
