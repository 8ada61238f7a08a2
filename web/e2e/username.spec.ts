import { Person } from "../../e2e/support/person.js";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("a username changes, is told where it is taken, and shows to others by itself", async ({ device }) => {
  const ann = await Person.signUp(server.nexus, "ann");
  const bob = await Person.signUp(server.nexus, "bob");
  await ann.direct(bob);
  const desk = await device(DESKTOP);
  desk.expectConsole(/409/);
  const client = await desk.open(server.url);
  await client.signIn("ann");
  const other = await (await device(PHONE)).open(server.url);
  await other.signIn("bob");
  await other.openChat("ANN");
  await other.header.click();
  await expect(other.page.getByText("@ann", { exact: true })).toBeVisible();

  await client.page.goto(`${server.url}/settings/profile`);
  await client.field("Username").fill("a");
  await expect(client.field("Username")).toHaveAccessibleDescription(/3 to 32/);
  await client.field("Username").fill("bob");
  await client.button("Save").click();
  await expect(client.field("Username")).toHaveAccessibleDescription("Somebody else has this username.");
  await client.field("Username").fill("anna.k");
  await client.button("Save").click();
  await expect(client.page.getByRole("main").getByText("@anna.k")).toBeVisible();
  await expect(other.page.getByText("@anna.k", { exact: true })).toBeVisible();
});
