import { Person } from "../../e2e/support/person.js";
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

  phone.expectNetworkErrors();
  await phone.context.setOffline(true);
  await ann.send("from the tunnel");
  await expect(ann.message("from the tunnel", "Waiting")).toBeVisible();
  await expect(ann.status).toHaveText("Offline — 1 waiting");

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
  await eve.page.close();

  desk.expectNetworkErrors();
  await desk.context.setOffline(true);
  const again = await desk.open(address);
  await expect(again.message("keep this", "Sent")).toBeVisible();
  await expect(again.chat("Joe".toUpperCase())).toContainText("keep this");
  await expect(again.field("Message")).toBeEditable();
  await again.page.goto(`${server.url}/settings/appearance`);
  await expect(again.page.getByRole("radio", { name: "Dark" })).toBeAttached();
});
