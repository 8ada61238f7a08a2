import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { sendAll } from "./support/seed";
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
  const owner = await (await device()).signedIn(server.url, "ann");
  const member = await (await device(PHONE)).signedIn(server.url, "bob");
  await owner.openChat("Notices");
  await member.openChat("Notices");
  await member.box.fill("half a thought");

  await owner.openInfo();
  await owner.button("Permissions").click();
  const dialog = owner.dialog("Permissions");
  const senders = dialog.getByRole("group", { name: "Send messages" });
  await expect(senders.getByRole("radio", { name: "Everyone" })).toBeChecked();
  await senders.getByText("Admins").click();
  // A tap beside it throws no choice away.
  await owner.page.mouse.click(5, 5);
  await expect(senders.getByRole("radio", { name: "Admins" })).toBeChecked();
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
  const admin = await (await device()).signedIn(server.url, "bob");
  await admin.openChat("Council");
  await admin.openInfo();
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

test("two who change a group at once don't undo what the other did", async ({ device }) => {
  const chat = await ann.group("Boats", bob, eve);
  await ann.patch(`/chats/${chat.id}/members/${bob.id}`, { role: "admin" });
  const owner = await (await device()).signedIn(server.url, "ann");
  await owner.openChat("Boats");
  await owner.openInfo();
  await owner.button("Edit group").click();
  const dialog = owner.dialog("Edit group");
  await dialog.getByRole("textbox", { name: "About" }).fill("Whoever can row");
  await bob.patch(`/chats/${chat.id}`, { title: "Ships" });
  await expect(
    owner.page.getByRole("heading", { name: "Ships", includeHidden: true }).first(),
  ).toBeAttached();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  const { body } = await ann.get(`/chats/${chat.id}`);
  expect(body.chat).toMatchObject({ title: "Ships", about: "Whoever can row" });

  const row = owner.page
    .getByRole("list", { name: "Members" })
    .getByRole("listitem")
    .filter({ hasText: "EVE" });
  await expect(row).not.toContainText("Admin");
  await bob.patch(`/chats/${chat.id}/members/${eve.id}`, { role: "admin" });
  await expect(row, "others' changes show as well").toContainText("Admin");
});

test("in a group that takes its time each waits for their turn, and keeps what was typed", async ({
  device,
}) => {
  const chat = await ann.group("Assembly", bob);
  const owner = await (await device()).signedIn(server.url, "ann");
  const member = await (await device()).signedIn(server.url, "bob");
  await owner.openChat("Assembly");
  await owner.openInfo();
  await owner.button("Permissions").click();
  const dialog = owner.dialog("Permissions");
  await dialog.getByRole("group", { name: "Pause between messages" }).getByText("5 sec").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);

  await member.openChat("Assembly");
  await expect(member.message("ANN turned slow mode on: 5 secs between messages")).toBeVisible();
  // Long enough for all that is looked at while it lasts.
  await ann.patch(`/chats/${chat.id}`, { slowModeSecs: 12 });
  await expect(member.message("12 secs between messages")).toBeVisible();
  await member.send("first");
  await member.box.fill("second");
  const words = member.page.getByText(/You can write again in \d+ s/);
  await expect(words).toBeVisible();
  await expect(member.button("Send")).toHaveAccessibleDescription(/You can write again/);
  await member.box.press("Enter");
  await expect(member.box).toHaveValue("second");
  await expect(words).toHaveCount(0, { timeout: 60_000 });
  await member.button("Send").click();
  await expect(member.message("second", "(Sent|Delivered|Read)")).toBeVisible();
  await expect(member.page.getByRole("listitem", { name: /Failed$/ })).toHaveCount(0);
});

test("who joins where history begins with joining sees nothing of before", async ({ device }) => {
  const chat = await ann.group("Archive", bob);
  const line = await ann.connect();
  await sendAll(ann, line, chat, ["said before"]);
  line.close();
  const owner = await (await device()).signedIn(server.url, "ann");
  const guest = await (await device(PHONE)).signedIn(server.url, "eve");
  await owner.openChat("Archive");
  await owner.openInfo();
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
  const owner = await (await device()).signedIn(server.url, "ann");
  const heir = await (await device(PHONE)).signedIn(server.url, "bob");
  await owner.openChat("Boat");
  await owner.openInfo();
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
  await heir.openInfo();
  await expect(heir.button("Delete group")).toBeVisible();
});

test("an owner who leaves is told who follows, who can end the group for all", async ({ device }) => {
  const chat = await ann.group("Choir", bob, eve);
  await ann.patch(`/chats/${chat.id}/members/${eve.id}`, { role: "admin" });
  const owner = await (await device()).signedIn(server.url, "ann");
  const heir = await (await device(PHONE)).signedIn(server.url, "eve");
  const member = await (await device()).signedIn(server.url, "bob");
  await owner.openChat("Choir");
  await heir.openChat("Choir");
  await member.openChat("Choir");

  await owner.openInfo();
  await owner.button("Leave group").click();
  const leaving = owner.dialog("Leave Choir?");
  await expect(leaving).toContainText("EVE becomes the owner.");
  await leaving.getByRole("button", { name: "Leave group" }).click();
  await expect(owner.chat("Choir")).toHaveCount(0);
  await expect(owner.page).toHaveURL(`${server.url}/`);
  await expect(heir.message("ANN left the group and handed it over to you")).toBeVisible();

  await heir.openInfo();
  await heir.button("Delete group").click();
  await heir.dialog("Delete Choir?").getByRole("button", { name: "Delete group" }).click();
  await expect(heir.button("New chat")).toBeVisible();
  await expect(heir.chat("Choir")).toHaveCount(0);
  await expect(member.page.getByText("You are no longer in this chat")).toBeVisible();
  await expect(member.chat("Choir")).toHaveCount(0);
});

test("of a large group the members are found by name, and their roles show", async ({ device }) => {
  const owner = await Person.signUp(server.nexus, "olga");
  const names = Array.from({ length: 239 }, (_, at) => `extra${String(at).padStart(3, "0")}`);
  const people: Person[] = [];
  for (let at = 0; at < names.length; at += 24) {
    people.push(
      ...(await Promise.all(names.slice(at, at + 24).map((name) => Person.signUp(server.nexus, name)))),
    );
  }
  const group = await owner.group("Everybody", ...people);
  await owner.patch(`/chats/${group.id}/members/${people[230]?.id}`, { role: "admin" });
  const client = await (await device(DESKTOP)).open(server.url);
  await client.signIn("olga");
  await client.page.goto(`${server.url}/chat/${group.id}/info`);
  const main = client.page.getByRole("main");
  const rows = main.getByRole("list", { name: "Members" }).getByRole("listitem");
  await expect(rows.first()).toContainText("Owner");
  expect(await rows.count(), "the others come as one scrolls").toBeLessThan(240);

  const box = main.getByRole("searchbox", { name: "Find a member" });
  await box.fill("@extra230");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("Admin");
  await box.press("ArrowDown");
  await expect(rows.getByRole("button", { name: /EXTRA230/ }).first()).toBeFocused();
  await box.fill("nobody of them");
  await expect(main.getByText("No member has that name")).toBeVisible();
  await box.fill("");
  await expect(async () => {
    await rows.last().scrollIntoViewIfNeeded();
    await expect(rows).toHaveCount(240, { timeout: 500 });
  }).toPass();
});

test("a message goes on to several chats at once, and says there that it was forwarded", async ({
  device,
}) => {
  await ann.group("Here", bob);
  await ann.group("There", bob);
  await ann.group("Yonder", bob);
  const closed = await bob.group("Listening only", ann);
  await bob.patch(`/chats/${closed.id}`, { permissions: { send: "admin" } });
  const writer = await (await device()).signedIn(server.url, "ann");
  const reader = await (await device(PHONE)).signedIn(server.url, "bob");
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

test("who somebody is opens from their name, a mention and the list of members", async ({ device }) => {
  const chat = await ann.group("Crew", bob, eve);
  const eves = await eve.connect();
  await eves.send(chat, "ask @bob about the keys", { mentions: [bob.id] });
  eves.close();
  const desk = await (await device()).signedIn(server.url, "ann");
  await desk.openChat("Crew");
  const said = desk.message("EVE, ask @bob");
  const person = desk.dialog("EVE");

  await said.getByRole("button", { name: "EVE", exact: true }).click();
  await expect(person.getByText("@eve", { exact: true })).toBeVisible();
  await expect(person.getByRole("button", { name: "Message", exact: true })).toBeFocused();
  await person.getByRole("button", { name: "Make admin" }).click();
  await expect(person.getByRole("button", { name: "Remove admin rights" })).toBeVisible();
  await desk.page.keyboard.press("Escape");
  await expect(person).toHaveCount(0);

  await test.step("by the keyboard, from the menu of the message", async () => {
    await said.focus();
    await desk.page.keyboard.press("Enter");
    await desk.item("View profile").press("Enter");
    await expect(person).toBeVisible();
    await desk.page.keyboard.press("Escape");
  });

  await said.getByRole("button", { name: "@BOB" }).click();
  await desk.dialog("BOB").getByRole("button", { name: "Message", exact: true }).click();
  await expect(desk.header).toHaveAccessibleName(/BOB/);

  const phone = await (await device(PHONE)).signedIn(server.url, "ann");
  await phone.openChat("Crew");
  await phone.openInfo();
  await rowOf(phone, "BOB")
    .getByRole("button", { name: /BOB @bob/ })
    .click();
  const sheet = phone.dialog("BOB");
  await sheet.getByRole("button", { name: "Remove from the group" }).click();
  await phone.dialog("Remove BOB?").getByRole("button", { name: "Remove from the group" }).click();
  await expect(sheet.getByRole("button", { name: "Remove from the group" })).toHaveCount(0);
  await phone.page.keyboard.press("Escape");
  await expect(rowOf(phone, "BOB")).toHaveCount(0);
});

test("an answer to what was deleted meanwhile can be sent without it", async ({ device }) => {
  const chat = await ann.group("Gone", bob);
  const bobs = await bob.connect();
  await sendAll(bob, bobs, chat, ["tea?"]);
  bobs.close();
  const there = await device(DESKTOP);
  there.expectNetworkErrors();
  const writer = await there.open(server.url);
  await writer.signIn("ann");
  await writer.openChat("Gone");
  await writer.menuOf("tea?");
  await writer.item("Reply").click();
  await there.context.setOffline(true);
  await writer.send("yes, please");
  await expect(writer.message("yes, please", "Waiting")).toBeVisible();
  const asked = (await bob.messages(chat)).find((it: { content: string }) => it.content === "tea?");
  expect((await bob.delete(`/messages/${asked.id}?scope=all`)).status).toBe(204);
  await there.context.setOffline(false);
  const answer = writer.message("yes, please");
  await expect(answer).toContainText("The message you’re replying to was deleted.");
  await answer.getByRole("button", { name: "Send without quote" }).click();
  await expect(writer.message("yes, please", "(Sent|Delivered|Read)")).toBeVisible();
  await expect(answer.getByRole("button", { name: /^In reply to/ })).toHaveCount(0);
});

test("what could not be sent to a group that one was removed from can be taken elsewhere", async ({
  device,
}) => {
  const [open, other] = [await ann.group("Choir", bob), await ann.group("Walks", bob)];
  const there = await device(DESKTOP);
  there.expectNetworkErrors();
  await there.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const writer = await there.open(server.url);
  await writer.signIn("bob");
  await writer.openChat("Choir");
  await writer.openChat("Walks");
  await there.context.setOffline(true);
  await writer.box.fill("Sunday at ten?");
  await writer.openChat("Choir");
  await writer.send("I have the scores");
  await writer.send("all but the tenors’");
  await writer.box.fill("who has those");
  await expect(writer.message("all but the tenors’", "Waiting")).toBeVisible();
  for (const chat of [open, other]) await ann.delete(`/chats/${chat.id}/members/${bob.id}`);
  await there.context.setOffline(false);

  const { page } = writer;
  await expect(page.getByText("2 messages and your draft were not sent.")).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Copy text" }).click();
  const pasted = () => page.evaluate(() => navigator.clipboard.readText());
  expect(await pasted()).toBe("I have the scores\n\nall but the tenors’\n\nwho has those");
  const note = page.getByRole("group", {
    name: "You are no longer in “Walks”. Your draft was not sent.",
    exact: true,
  });
  await note.getByRole("button", { name: "Copy text" }).click();
  await expect.poll(pasted).toBe("Sunday at ten?");
});
