import { Person } from "../../e2e/support/person.js";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("a contact has the name one gave them, can be blocked, and heard again", async ({ device }) => {
  const desk = await device(DESKTOP);
  const ann = await desk.open(server.url);
  const bob = await (await device(PHONE)).open(server.url);
  await ann.signUp("ann");
  await bob.signUp("bob");
  const main = ann.page.getByRole("main", { name: "Chat" });

  await test.step("whoever is added by user name is in the list, and called so everywhere", async () => {
    await ann.page.goto(`${server.url}/contacts`);
    await expect(ann.page.getByText("No contacts yet")).toBeVisible();
    await ann.button("Add contact").first().click();
    const dialog = ann.dialog("Add contact");
    await dialog.getByRole("textbox", { name: "Username" }).fill("nobody.here");
    desk.expectConsole(/404/);
    await dialog.getByRole("button", { name: "Add contact" }).click();
    await expect(dialog.getByText("Nobody goes by this username.")).toBeVisible();
    await dialog.getByRole("textbox", { name: "Username" }).fill("bob");
    await dialog.getByRole("textbox", { name: "Nickname" }).fill("Bobby");
    await dialog.getByRole("button", { name: "Add contact" }).click();
    await ann.page
      .getByRole("list", { name: "Contacts" })
      .getByRole("button", { name: /^Bobby/ })
      .click();
    await expect(ann.header).toHaveAccessibleName(/Bobby/);
    await ann.send("hello Bob");
    await expect(ann.message("hello Bob", "(Sent|Delivered)")).toBeVisible();
  });

  await test.step("the other devices know as much", async () => {
    const phone = await (await device(PHONE)).open(server.url);
    await phone.signIn("ann");
    await expect(phone.chat("Bobby")).toContainText("hello Bob");
  });

  await test.step("whoever is blocked can't write, and whoever blocks has nothing to write with", async () => {
    await bob.openChat("Ann");
    await ann.header.click();
    await expect(main.getByText("By their own name: Bob")).toBeVisible();
    await main.getByRole("button", { name: "Block", exact: true }).click();
    await ann.dialog("Block Bobby?").getByRole("button", { name: "Block" }).click();
    await expect(ann.dialog("Block Bobby?")).toHaveCount(0);
    await main.getByRole("button", { name: "Close" }).click();
    await expect(main.getByText("You blocked Bobby.")).toBeVisible();
    await expect(ann.box).toHaveCount(0);
    await bob.send("are you there?");
    await expect(bob.message("are you there?", "Failed")).toContainText(
      "This person doesn’t take messages from you.",
    );
  });

  await test.step("both are heard again once the block is lifted", async () => {
    await ann.button("Unblock").click();
    await expect(ann.box).toBeVisible();
    await bob.button("Retry").click();
    await expect(ann.message("Bobby, are you there?")).toBeVisible();
  });

  await test.step("a contact can be removed", async () => {
    await ann.page.goto(`${server.url}/contacts`);
    await ann.button("More for Bobby").click();
    await ann.item("Remove contact").click();
    await ann
      .dialog("Remove Bobby from your contacts?")
      .getByRole("button", { name: "Remove contact" })
      .click();
    await expect(ann.page.getByText("No contacts yet")).toBeVisible();
    await expect(ann.header).toHaveCount(0);
  });
});

test("who hears of contacts only is asked first, and decides", async ({ device }) => {
  const eve = await (await device(DESKTOP)).open(server.url);
  const joe = await device(PHONE);
  const phone = await joe.open(server.url);
  await eve.signUp("eve");
  await phone.signUp("joe");
  const lea = await Person.signUp(server.nexus, "lea");

  await test.step("a choice is kept, and the same on all devices", async () => {
    await eve.page.goto(`${server.url}/settings/privacy`);
    const choice = eve.page.getByRole("group", { name: "Who can write to you" });
    await choice.getByText("My contacts").click();
    await expect(choice.getByRole("radio", { name: "My contacts" })).toBeChecked();
    const receipts = eve.page.getByRole("group", { name: "Who learns what you have read" });
    await receipts.getByText("Nobody").click();
    await expect(receipts.getByRole("radio", { name: "Nobody" })).toBeChecked();
    const me = await new Person(server.nexus, "eve").logIn();
    const kept = async () => (await me.get("/users/me/settings")).body.settings.privacy;
    await expect.poll(kept).toMatchObject({ whoCanMessage: "contacts", readReceipts: "nobody" });
    await eve.page.reload();
    await expect(choice.getByRole("radio", { name: "My contacts" })).toBeChecked();
    await expect(receipts.getByRole("radio", { name: "Nobody" })).toBeChecked();
  });

  await test.step("a stranger is offered to ask", async () => {
    joe.expectConsole(/403/);
    await phone.button("New chat").click();
    await phone.dialog("New chat").getByRole("textbox", { name: "Search people" }).fill("eve");
    await phone
      .dialog("New chat")
      .getByRole("list", { name: "People" })
      .getByRole("button", { name: "Eve" })
      .click();
    const asking = phone.dialog("Eve");
    await expect(asking).toContainText("Eve takes messages from contacts only.");
    await asking.getByRole("textbox", { name: "A line to go with it" }).fill("It’s Joe from the boat");
    await asking.getByRole("button", { name: "Send request" }).click();
    await expect(asking).toHaveCount(0);
  });

  await test.step("the other sees it at once, and may accept or decline", async () => {
    await lea.post("/contacts", { userId: (await lea.get("/users?query=eve")).body.users[0].id });
    await eve.page.goto(server.url);
    await eve.page.getByRole("link", { name: "2 contact requests" }).click();
    const incoming = eve.page.getByRole("list", { name: "They ask you" });
    await expect(incoming).toContainText("It’s Joe from the boat");
    await eve.button("Accept Joe").click();
    await eve.button("Decline LEA").click();
    await expect(eve.page.getByText("No requests")).toBeVisible();
  });

  await test.step("then they talk", async () => {
    await phone.startChat("eve");
    await phone.send("thank you");
    await eve.page.goto(server.url);
    await expect(eve.chat("Joe")).toContainText("thank you");
  });
});

test("who is alone here can invite others, and may block somebody where they share a group", async ({
  device,
}) => {
  const desk = await device(DESKTOP);
  await desk.context.grantPermissions(["clipboard-write", "clipboard-read"]);
  const kim = await desk.open(server.url);
  await kim.signUp("kim");
  await kim.button("Invite").click();
  await expect(kim.page.getByRole("group", { name: "Link copied" })).toBeVisible();
  expect(await kim.page.evaluate(() => navigator.clipboard.readText())).toBe(new URL(server.url).origin);

  const max = await Person.signUp(server.nexus, "max");
  await max.group("Neighbours", await new Person(server.nexus, "kim").logIn());
  await kim.openChat("Neighbours");
  await kim.header.click();
  const more = kim.button("More for MAX");
  await more.click();
  await kim.item("Add contact").click();
  await expect(kim.page.getByRole("group", { name: "MAX is a contact now" })).toBeVisible();
  await more.click();
  await kim.item("Block").click();
  await kim.dialog("Block MAX?").getByRole("button", { name: "Block" }).click();
  await expect(kim.dialog("Block MAX?")).toHaveCount(0);
  await more.click();
  await expect(kim.item("Unblock")).toBeVisible();
});

test("who takes messages from contacts only is asked from the list of a group's members, too", async ({
  device,
}) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/403/);
  const amy = await desk.open(server.url);
  await amy.signUp("amy");
  const ian = await Person.signUp(server.nexus, "ian");
  await ian.patch("/users/me/settings", { privacy: { whoCanMessage: "contacts" } });
  await ian.group("Choir", await new Person(server.nexus, "amy").logIn());
  await amy.openChat("Choir");
  await amy.header.click();
  await amy.button("More for IAN").click();
  await amy.item("Message").click();
  const asking = amy.dialog("IAN");
  await expect(asking).toContainText("IAN takes messages from contacts only.");
  await asking.getByRole("button", { name: "Send request" }).click();
  await expect(asking).toHaveCount(0);
  await expect.poll(async () => (await ian.get("/contacts/requests")).body.requests.length).toBe(1);
});

test("what a person did not take is tried again all at once", async ({ device }) => {
  const desk = await device(DESKTOP);
  const tom = await desk.open(server.url);
  await tom.signUp("tom");
  const zoe = await Person.signUp(server.nexus, "zoe");
  const me = await new Person(server.nexus, "tom").logIn();
  await tom.startChat("zoe");
  await tom.send("hello");
  await expect(tom.message("hello", "Sent")).toBeVisible();
  await zoe.put(`/blocks/${me.id}`);
  for (const text of ["one", "two", "three"]) {
    await tom.send(text);
    await expect(tom.message(`You, ${text}`, "Failed")).toBeVisible();
  }
  await expect(tom.page.getByText("This person doesn’t take messages from you.")).toHaveCount(3);
  await expect(tom.button("Retry")).toHaveCount(3);
  await zoe.delete(`/blocks/${me.id}`);
  await tom.button("Retry all (3)").click();
  for (const text of ["one", "two", "three"]) await expect(tom.message(`You, ${text}`, "Sent")).toBeVisible();
  await expect(tom.page.getByText("Not sent.")).toHaveCount(0);
  const texts = (await zoe.messages(await zoe.direct(me))).map(({ content }: { content: string }) => content);
  expect(texts).toEqual(["hello", "one", "two", "three"]);
});

test("several people are chosen by typing one after the other, and kept for who goes back", async ({
  device,
}) => {
  for (const name of ["gabi", "gerd"]) await Person.signUp(server.nexus, name);
  const uli = await (await device(DESKTOP)).open(server.url);
  await uli.signUp("uli");
  const { keyboard } = uli.page;
  const dialog = uli.dialog("New group");
  const members = dialog.getByRole("list", { name: "Members" }).getByRole("listitem");
  const search = dialog.getByRole("textbox", { name: "Search people" });
  const person = (name: string) => dialog.getByRole("list", { name: "People" }).getByRole("button", { name });
  const title = dialog.getByRole("textbox", { name: "Group name" });
  await uli.button("New chat").click();
  await uli.button("New group").click();
  await title.fill("Rowers");

  await search.fill("gabi");
  await person("GABI").click();
  await expect(search).toHaveValue("");
  await expect(search).toBeFocused();
  await keyboard.type("gerd");
  await expect(person("GERD")).toBeVisible();
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await expect(search).toHaveValue("");
  await expect(members).toHaveCount(2);

  await dialog.getByRole("button", { name: "Back" }).click();
  await uli.page.mouse.click(5, 5);
  await uli.button("New group").click();
  await expect(title).toHaveValue("Rowers");
  await expect(members).toHaveCount(2);
  await uli.button("Create group").click();
  await expect(uli.header).toContainText("Rowers");
});
