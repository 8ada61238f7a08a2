import { PASSWORD, Person } from "../../e2e/support/person.js";
import { appoint } from "./support/staff";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve({ AUTH__REQUIRE_VERIFIED_EMAIL: true });

test("who has to confirm their address first is told so", async ({ device }) => {
  await Person.signUp(server.nexus, "eve");
  const phone = await device(PHONE);
  phone.expectConsole(/403/);
  const ann = await phone.open(server.url);
  await ann.signUp("ann");
  await ann.button("New chat").click();
  await ann.dialog("New chat").getByRole("textbox", { name: "Search people" }).fill("eve");
  await ann.dialog("New chat").getByRole("list", { name: "People" }).getByRole("button").click();
  await expect(ann.page.getByText("Confirm your e-mail address first")).toBeVisible();
});

test("who is banned is out at once, and is told why and until when", async ({ device }) => {
  const admin = await Person.signUp(server.nexus, "root");
  await appoint(server.nexus, "root", "admin");
  const bob = await Person.signUp(server.nexus, "bob");
  const desk = await device(DESKTOP);
  desk.expectConsole(/403/);
  desk.expectNetworkErrors();
  const client = await desk.open(server.url);
  await client.signIn("bob");

  await admin.post("/auth/step-up", { password: PASSWORD });
  const until = new Date(Date.UTC(2099, 0, 2, 12)).toISOString();
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "Advertising in every group", until });
  await expect(client.page.getByText("This account was banned. Signing in says why.")).toBeVisible();
  await client.field("Email").fill("bob");
  await client.field("Password").fill(PASSWORD);
  await client.button("Sign in").click();
  await expect(
    client.page.getByText(/banned until 2 January 2099.*: Advertising in every group/),
  ).toBeVisible();
});
