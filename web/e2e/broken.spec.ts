import { Person } from "../../e2e/support/person.js";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();
const said = (content: string) => ({ clientId: crypto.randomUUID(), type: "text", content });

test("what the client chokes on is one message and one row, not the chat and the list", async ({
  device,
}) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const eve = await Person.signUp(server.nexus, "eve");
  const browser = await device(PHONE);
  browser.expectConsole(/poison/);
  await browser.context.addInitScript(() => {
    const { split } = String.prototype;
    // As a text would that a defect in reading it has been overlooked for.
    String.prototype.split = function (this: string, ...how: Parameters<typeof split>) {
      if (how[0] instanceof RegExp && this.includes("poison")) throw new Error("poison");
      return split.apply(this, how);
    } as typeof split;
  });
  const ann = await browser.open(server.url);
  await ann.signUp("ann");
  const me = await new Person(server.nexus, "ann").logIn();
  const chat = await bob.direct(me);
  await bob.post(`/chats/${chat.id}/messages`, said("a greeting"));
  await bob.post(`/chats/${chat.id}/messages`, said("poison"));
  await eve.post(`/chats/${(await eve.direct(me)).id}/messages`, said("hello"));
  await expect(ann.chat("EVE")).toContainText("hello");

  await ann.page.getByRole("link", { name: "This chat can’t be shown here." }).click();
  await expect(ann.message("BOB, a greeting")).toBeVisible();
  const broken = ann.messages.getByRole("listitem", { name: "This message can’t be shown here." });
  await expect(broken).toBeVisible();
  await ann.send("say that again");
  await expect(ann.message("You, say that again", "Delivered|Sent")).toBeVisible();

  const bad = (await bob.messages(chat)).find((message: { content: string }) => message.content === "poison");
  await bob.patch(`/messages/${bad?.id}`, { content: "something sound" });
  await expect(ann.message("BOB, something sound")).toBeVisible();
  await expect(broken).toHaveCount(0);
  await ann.page.goBack();
  await expect(ann.chat("BOB")).toContainText("say that again");
});

test("a part that does not come is asked for again, and all else stays", async ({ device }) => {
  const browser = await device({ ...DESKTOP, serviceWorkers: "block" });
  browser.expectNetworkErrors();
  browser.expectConsole(/a part did not load|dynamically imported module/);
  // From the beginning: it is asked for ahead, too.
  const lost = /\/assets\/(EmojiPanel|SearchScreen)-/;
  await browser.context.route(lost, (route) => route.abort());
  const bob = await Person.signUp(server.nexus, "bob2");
  const ann = await browser.open(server.url);
  await ann.signUp("ann2");
  const chat = await bob.direct(await new Person(server.nexus, "ann2").logIn());
  await bob.post(`/chats/${chat.id}/messages`, said("hello"));
  await ann.openChat("BOB2");
  await expect(ann.message("BOB2, hello")).toBeVisible();

  await ann.box.fill("not lost");
  await ann.button("Emoji").click();
  await expect(ann.page.getByRole("group", { name: "This could not be loaded" })).toBeVisible();
  await expect(ann.box).toHaveValue("not lost");
  await ann.page.keyboard.press("Control+k");
  const failed = ann.page.getByRole("alert").filter({ hasText: "This could not be loaded" });
  await expect(failed).toBeVisible();
  await expect(ann.box).toHaveValue("not lost");
  await failed.getByRole("button", { name: "To the chats" }).click();
  await expect(ann.chats).toBeVisible();

  await ann.openChat("BOB2");
  await ann.page.keyboard.press("Control+k");
  await expect(failed).toBeVisible();
  await browser.context.unroute(lost);
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(ann.page.getByRole("searchbox")).toBeVisible();
  await ann.button("Emoji").click();
  await expect(ann.dialog("Emoji")).toBeVisible();
});
