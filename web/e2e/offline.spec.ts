import type { Locator } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { onDisk } from "./support/disk";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("what is written offline is there after a reload, and goes out once", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const phone = await device(PHONE);
  const ann = await phone.open(server.url);
  await ann.signUp("ann");
  await ann.startChat("bob");
  await ann.send("before");
  await expect(ann.message("before", "Sent")).toBeVisible();
  await ann.isInstalled();

  const rowTime = () => ann.page.locator("nav time").getAttribute("datetime");
  const before = Date.parse((await rowTime()) ?? "");
  phone.expectNetworkErrors();
  await phone.context.setOffline(true);
  await ann.send("from the tunnel");
  await expect(ann.message("from the tunnel", "Waiting")).toBeVisible();
  expect(Date.parse((await rowTime()) ?? ""), "the row tells when it was written").toBeGreaterThan(before);
  await expect(ann.status).toHaveText("Offline — 1 waiting");
  await expect.poll(() => onDisk(ann.page, "outbox")).toContain("from the tunnel");

  await ann.page.reload();
  await expect(ann.message("before", "Sent")).toBeVisible();
  await expect(ann.message("from the tunnel", "Waiting")).toBeVisible();
  await ann.send("and still in it");
  await expect(ann.message("and still in it", "Waiting")).toBeVisible();
  await expect(ann.status).toHaveText("Offline — 2 waiting");
  const bubble = await ann.message("and still in it").elementHandle();

  await phone.context.setOffline(false);
  await expect(ann.message("from the tunnel", "Sent")).toBeVisible();
  await expect(ann.message("and still in it", "Sent")).toBeVisible();
  await expect(ann.status).toHaveText("");
  expect(await bubble?.evaluate((element) => element.isConnected), "it is the same bubble").toBe(true);
  const [chat] = (await bob.get("/chats")).body.chats;
  const texts = (await bob.messages(chat)).map((message: { content: string }) => message.content);
  expect(texts).toEqual(["before", "from the tunnel", "and still in it"]);
});

test("the client opens without a network, at any of its addresses", async ({ device }) => {
  await Person.signUp(server.nexus, "joe");
  const desk = await device(DESKTOP);
  const eve = await desk.open(server.url);
  await eve.signUp("eve");
  await eve.startChat("joe");
  await eve.send("keep this");
  await expect(eve.message("keep this", "Sent")).toBeVisible();
  await eve.isInstalled();
  const address = eve.page.url();
  await expect.poll(() => onDisk(eve.page, "outbox")).toBe("[]");
  await eve.page.close();

  desk.expectNetworkErrors();
  await desk.context.setOffline(true);
  const again = await desk.open(address);
  await expect(again.message("keep this", "Sent")).toBeVisible();
  await expect(again.chat("Joe".toUpperCase())).toContainText("keep this");
  await expect(again.field("Message")).toBeEditable();
  await test.step("a chat that is there opens from the people one knows", async () => {
    await again.page.goto(server.url);
    await again.button("New chat").click();
    const dialog = again.dialog("New chat");
    await dialog.getByRole("textbox", { name: "Search people" }).fill("jo");
    await dialog.getByRole("list", { name: "People" }).getByRole("button", { name: "JOE" }).click();
    await expect(again.message("keep this", "Sent")).toBeVisible();
  });
  await again.page.goto(`${server.url}/settings/appearance`);
  await expect(again.page.getByRole("radio", { name: "Dark" })).toBeAttached();
});

test("what is changed offline shows at once, outlives a reload, and is done once", async ({ device }) => {
  const bob = await (await device(DESKTOP)).open(server.url);
  await bob.signUp("rob");
  const laptop = await device(DESKTOP);
  const ann = await laptop.open(server.url);
  await ann.signUp("amy");
  await ann.startChat("rob");
  for (const text of ["first", "second", "third"]) await ann.send(text);
  await bob.openChat("Amy");
  await bob.send("hello Amy");
  await expect(ann.message("hello Amy")).toBeVisible();
  await expect(ann.message("third", "Read")).toBeVisible();
  await ann.isInstalled();

  laptop.expectNetworkErrors();
  await laptop.context.setOffline(true);
  const react = async (emoji: string) => {
    await ann.menuOf("hello Amy");
    await ann.page.getByRole("menuitemcheckbox", { name: `React with ${emoji}` }).click();
    await expect(ann.page.getByRole("menu")).toHaveCount(0);
  };
  const choose = async (text: string, item: string) => {
    await ann.menuOf(text);
    await ann.item(item).click();
  };
  await test.step("each change shows, and that it waits", async () => {
    await choose("first", "Edit");
    await ann.box.fill("first, and better");
    await ann.button("Save changes").click();
    await expect(ann.message("You, first, and better", "edited, Waiting")).toBeVisible();
    await choose("second", "Delete…");
    await ann.button("Delete for everyone").click();
    await expect(ann.message("You, This message was deleted", "Waiting")).toBeVisible();
    await choose("third", "Star");
    await expect(ann.message("third").getByRole("img", { name: "starred" })).toBeVisible();
    for (const emoji of ["👍", "😂", "😂"]) await react(emoji);
    await expect(ann.message("hello Amy").getByRole("button", { name: "👍 1: You" })).toBeVisible();
    await expect(ann.message("hello Amy").getByRole("button", { name: "😂" })).toHaveCount(0);
    await expect(ann.status).toHaveText("Offline — 4 waiting");
  });

  await test.step("what has not left yet is changed where it stands", async () => {
    for (const text of ["from the tunnel", "never mind"]) await ann.send(text);
    await ann.box.press("ArrowUp");
    await expect(ann.box).toHaveValue("never mind");
    await ann.box.press("Escape");
    await choose("never mind", "Delete");
    await expect(ann.message("never mind")).toHaveCount(0);
    await ann.box.press("ArrowUp");
    await ann.box.fill("out of the tunnel");
    await ann.button("Save changes").click();
    await expect(ann.message("You, out of the tunnel", "Waiting")).toBeVisible();
    await expect(ann.status).toHaveText("Offline — 5 waiting");
    await expect.poll(() => onDisk(ann.page, "outbox")).toContain("out of the tunnel");
  });

  await ann.page.reload();
  await expect(ann.message("You, first, and better", "edited, Waiting")).toBeVisible();
  await expect(ann.message("You, out of the tunnel", "Waiting")).toBeVisible();
  await expect(ann.message("hello Amy").getByRole("button", { name: "👍 1: You" })).toBeVisible();
  await expect(ann.status).toHaveText("Offline — 5 waiting");

  const asked: string[] = [];
  ann.page.on("response", (answer) => {
    const isChange = answer.request().method() !== "GET" && answer.url().includes("/messages/");
    if (isChange && answer.ok()) asked.push(answer.request().method());
  });
  await laptop.context.setOffline(false);
  await test.step("the other side sees all of it", async () => {
    await expect(bob.message("Amy, first, and better", "edited")).toBeVisible();
    await expect(bob.message("Amy, This message was deleted")).toBeVisible();
    await expect(bob.message("hello Amy").getByRole("button", { name: "👍 1: Amy" })).toBeVisible();
    await expect(bob.message("Amy, out of the tunnel")).toBeVisible();
    await expect(bob.messages).not.toContainText("second");
  });
  await expect(ann.message("You, first, and better", "edited, Read")).toBeVisible();
  await expect(ann.message("You, out of the tunnel", "Read")).toBeVisible();
  await expect(ann.page.getByRole("listitem", { name: /Waiting$/ })).toHaveCount(0);
  expect(asked.toSorted(), "an edit, a deletion, a star and a reaction").toEqual([
    "DELETE",
    "PATCH",
    "PUT",
    "PUT",
  ]);

  const [chat] = (await rest("rob").then((it) => it.get("/chats"))).body.chats;
  const texts = (await (await rest("amy")).messages(chat)).map((it: { content: string }) => it.content);
  expect(texts).toEqual(["first, and better", "", "third", "hello Amy", "out of the tunnel"]);
  const { messages } = (await (await rest("amy")).get("/starred")).body;
  expect(messages.map((it: { content: string }) => it.content)).toEqual(["third"]);
});

test("an edit that is refused in the end says so, and gives back what was written", async ({ device }) => {
  const ina = await Person.signUp(server.nexus, "ina");
  const phone = await device(PHONE);
  const uma = await phone.open(server.url);
  await uma.signUp("uma");
  await uma.startChat("ina");
  await uma.send("soon gone");
  await expect(uma.message("soon gone", "Sent")).toBeVisible();
  const umaElsewhere = await rest("uma");
  const [direct] = (await umaElsewhere.get("/chats")).body.chats;
  const [message] = await umaElsewhere.messages(direct);
  const group = await ina.group("Tea at four", umaElsewhere);
  await expect(uma.message("soon gone", "Sent")).toBeVisible();
  await uma.page.goto(`${server.url}/chat/${group.id}`);
  await uma.send("in the group");
  await expect(uma.message("in the group", "Sent")).toBeVisible();

  phone.expectNetworkErrors();
  phone.expectConsole(/status of 4(04|10)/);
  await phone.context.setOffline(true);
  const edit = async (text: string) => {
    await uma.box.press("ArrowUp");
    await uma.box.fill(text);
    await uma.button("Save changes").click();
    await expect(uma.message(text, "edited, Waiting")).toBeVisible();
  };
  await edit("with cake");
  await uma.page.getByRole("link", { name: "Back" }).click();
  await uma.openChat("INA");
  await expect(uma.message("soon gone", "Sent")).toBeVisible();
  await edit("here to stay");
  await umaElsewhere.delete(`/messages/${message.id}?scope=all`);
  await ina.delete(`/chats/${group.id}/members/${umaElsewhere.id}`);

  await phone.context.setOffline(false);
  await expect(toast(uma, "An edit was not saved. It is not there, or not for you.")).toBeVisible();
  const bubble = uma.message("You, This message was deleted");
  await expect(bubble).toContainText("Not changed to “here to stay”. It is not there any more.");
  await uma.page.reload();
  await expect(bubble).toContainText("Not changed to “here to stay”.");
  await bubble.getByRole("button", { name: "Retry" }).click();
  await expect(bubble).toContainText("Not changed to “here to stay”.");
  await bubble.getByRole("button", { name: "Discard" }).click();
  await expect(bubble).not.toContainText("Not changed");
  await expect(uma.status).toHaveText("");
});

/** What shows is on disk a moment later. */
function toast({ page }: Client, text: string): Locator {
  return page.getByRole("group", { name: text, exact: true });
}

/** The same person, on another device. */
async function rest(username: string): Promise<Person> {
  return new Person(server.nexus, username).logIn();
}
