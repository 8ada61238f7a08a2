import { PASSWORD, Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve({ ACCOUNTS__DELETION_GRACE_DAYS: 30 });

async function remove(client: Client): Promise<void> {
  await client.page.goto(`${server.url}/settings/account`);
  await client.button("Delete account").click();
  const dialog = client.dialog("Delete your account?");
  await dialog.getByText("Remove", { exact: true }).click();
  await expect(dialog.getByText("They are removed for everyone.")).toBeVisible();
  await dialog.getByRole("button", { name: "Delete account" }).click();
  const proof = client.dialog("Is it you?");
  await proof.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await proof.getByRole("button", { name: "Go on" }).click();
  await expect(client.page.getByText("Your account is going to be deleted.")).toBeVisible();
}

test("an account is deleted in time, unless its owner comes back before", async ({ device }) => {
  await Person.signUp(server.nexus, "ann");
  const desk = await device(DESKTOP);
  desk.expectConsole(/403/);
  desk.expectNetworkErrors();
  const client = await desk.open(server.url);
  await client.signIn("ann");
  const phone = await device(PHONE);
  phone.expectNetworkErrors();
  const other = await phone.open(server.url);
  await other.signIn("ann");

  await remove(client);
  await expect(client.page.getByRole("group", { name: /Your account is deleted for good on/ })).toBeVisible();
  await expect(other.page.getByText("Your account is going to be deleted.")).toBeVisible();
  await other.signIn("ann");
  await expect(other.page.getByRole("group", { name: /It stays now/ })).toBeVisible();
});

test("a copy of one's data is asked for, written and fetched", async ({ device }) => {
  const eve = await Person.signUp(server.nexus, "eve");
  const bob = await Person.signUp(server.nexus, "bob");
  await eve.group("Kept", bob);
  const desk = await device(DESKTOP);
  desk.expectConsole(/403|429/);
  const client = await desk.open(server.url);
  await client.signIn("eve");
  await client.page.goto(`${server.url}/export#token=x`);
  await client.button("Ask for a copy").click();
  const dialog = client.dialog("Is it you?");
  await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  const link = client.page.getByRole("link", { name: /^Download \(/ });
  await expect(link).toBeVisible();
  const [download] = await Promise.all([client.page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^nexuschat-.*\.zip$/);
  expect(await download.failure()).toBeNull();
  await client.button("Ask for a newer copy").click();
  await expect(client.page.getByText(/That was a bit much/)).toBeVisible();
});
