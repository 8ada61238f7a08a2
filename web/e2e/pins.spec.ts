import { DESKTOP, expect, serve, test } from "./support/test";

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
