import { Person } from "../../e2e/support/person.js";
import { longTalk, readAll, sendAll } from "./support/seed";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("what is pinned can be put out of sight by each, and unpinned for all by asking twice", async ({
  device,
}) => {
  const ann = await (await device(DESKTOP)).open(server.url);
  const bob = await (await device(DESKTOP)).open(server.url);
  await ann.signUp("ann");
  await bob.signUp("bob");
  await ann.startChat("bob");
  for (const text of ["the address", "the hour"]) await ann.send(text);
  await bob.openChat("Ann");
  const pin = async (text: string) => {
    await ann.menuOf(text);
    await ann.item("Pin").click();
  };
  const bar = (client: typeof ann) => client.page.getByRole("button", { name: /^Pinned messages? the/ });
  const more = (client: typeof ann) => client.button("Pinned message actions");

  await pin("the address");
  await expect(bar(ann)).toHaveText(/the address/);
  await expect(bar(bob)).toHaveText(/the address/);
  await more(bob).click();
  await bob.item("Hide for now").click();
  await expect(bar(bob)).toHaveCount(0);
  await expect(bar(ann)).toBeVisible();
  await pin("the hour");
  await expect(bar(bob)).toHaveText(/the hour/);

  await more(bob).click();
  await bob.item("Unpin for everyone…").click();
  await bob.button("Cancel").click();
  await expect(bar(ann)).toHaveText(/Pinned messages.*the hour/);
  await more(bob).click();
  await bob.item("Unpin for everyone…").click();
  await bob.dialog("Unpin for everyone?").getByRole("button", { name: "Unpin" }).click();
  await expect(bar(ann)).toHaveText(/Pinned message.*the address/);
  await expect(bar(bob)).toHaveCount(0);
});

test("what is pinned far up is at hand, leads there, and stays so without a network", async ({ device }) => {
  const [pia, rob] = [await Person.signUp(server.nexus, "pia"), await Person.signUp(server.nexus, "rob")];
  const chat = await pia.group("Allotment", rob);
  const line = await pia.connect();
  const robs = await rob.connect();
  await sendAll(pia, line, chat, longTalk(120));
  await readAll(rob, robs, chat);
  for (const one of [line, robs]) one.close();
  const said: { id: string; content: string }[] = await pia.messages(chat);
  const idOf = (start: string) => said.find(({ content }) => content.startsWith(start))?.id;
  await pia.put(`/messages/${idOf("3 ")}/pin`);
  await pia.put(`/messages/${idOf("7 ")}/pin`);

  const desk = await device(DESKTOP);
  const reader = await desk.open(server.url);
  await reader.signIn("rob");
  await reader.isInstalled();
  await reader.openChat("Allotment");
  const bar = reader.page.getByRole("button", { name: /^Pinned messages/ });
  await expect(bar).toHaveText(/7 /);
  await expect(reader.page.getByText("1 of 2")).toBeVisible();
  await bar.click();
  await expect(reader.message("PIA, 7 ")).toBeInViewport();
  await expect(bar).toHaveText(/3 /);
  await bar.click();
  await expect(reader.message("PIA, 3 ")).toBeInViewport();

  await test.step("all of them stand in a list, from which they lead to their place", async () => {
    await reader.button("Jump to latest").click();
    await reader.button("Pinned message actions").click();
    await reader.item("Pinned messages").click();
    const list = reader.page.getByRole("list", { name: "Pinned messages" });
    await expect(list.getByRole("listitem")).toHaveCount(2);
    await list.getByRole("link", { name: /PIA.* 3 / }).click();
    await expect(list).toHaveCount(0);
    await expect(reader.message("PIA, 3 ")).toBeInViewport();
  });

  await test.step("without a network they are still known", async () => {
    desk.expectNetworkErrors();
    await desk.context.setOffline(true);
    await reader.page.reload();
    await expect(reader.page.getByText("1 of 2")).toBeVisible();
    await desk.context.setOffline(false);
  });

  await test.step("what others pin and unpin shows at once, loaded or not", async () => {
    await expect(reader.status.filter({ hasText: /Offline|Connecting/ })).toHaveCount(0);
    await pia.delete(`/messages/${idOf("7 ")}/pin`);
    await expect(reader.page.getByRole("button", { name: /^Pinned message 3/ })).toBeVisible();
  });

  await test.step("on a phone they are in the info of the chat", async () => {
    const phone = await (await device(PHONE)).open(server.url);
    await phone.signIn("rob");
    await phone.openChat("Allotment");
    await phone.header.click();
    await phone.button("Pinned messages").click();
    const list = phone.page.getByRole("list", { name: "Pinned messages" });
    await list.getByRole("link").first().click();
    await expect(phone.message("PIA, 3 ")).toBeInViewport();
  });
});
