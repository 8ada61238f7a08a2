import { PASSWORD, Person } from "../../e2e/support/person.js";
import { sendAll } from "./support/seed";
import { expect, PHONE, serve, test } from "./support/test";

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

test("who has a link signs in, sees what group it is, and joins; a revoked one lets nobody in", async ({
  device,
}) => {
  const chat = await ann.group("Open house", bob);
  const owner = await (await device()).signedIn(server.url, "ann");
  await owner.openChat("Open house");
  await owner.openInfo();
  await owner.button("Invitation links").click();
  const dialog = owner.dialog("Invitation links");
  await expect(dialog.getByText("There is no link yet.")).toBeVisible();
  await dialog.getByRole("button", { name: "Create link" }).click();
  const row = dialog.getByRole("list", { name: "Invitation links" }).getByRole("listitem");
  await expect(row).toContainText("not used");
  const link = (await row.getByText(/\/join\//).textContent()) ?? "";

  const phone = await device(PHONE);
  phone.expectConsole(/status of 410/);
  const guest = await phone.open(link);
  await guest.field("Email").fill("eve");
  await guest.field("Password").fill(PASSWORD);
  await guest.button("Sign in").click();
  await expect(guest.page.getByRole("heading", { name: "Open house" })).toBeVisible();
  await guest.button("Join").click();
  await expect(guest.message("You joined by an invitation link")).toBeVisible();
  await expect(guest.box).toBeVisible();
  await guest.page.goto(link);
  await expect(guest.box).toBeVisible();

  await row.getByRole("button", { name: "Revoke link" }).click();
  await owner.dialog("Revoke this link?").getByRole("button", { name: "Revoke link" }).click();
  await expect(dialog.getByText("There is no link yet.")).toBeVisible();
  await eve.post(`/chats/${chat.id}/leave`);
  await guest.page.goto(link);
  await expect(guest.page.getByText("This link is not valid")).toBeVisible();
});

test("a link to a place of this client opens in this client", async ({ device }) => {
  const chat = await ann.group("Rowers");
  const { invite } = (await ann.post(`/chats/${chat.id}/invites`, {})).body;
  const direct = await ann.direct(bob);
  const line = await ann.connect();
  await sendAll(ann, line, direct, [
    `come along: ${server.url}/join/${invite.code} and ${server.url}/api/docs/`,
  ]);
  line.close();

  const reader = await (await device()).signedIn(server.url, "bob");
  await reader.openChat("ANN");
  await reader.page.evaluate(() => Object.assign(globalThis, { isSame: true }));
  await reader.message("come along").getByRole("link", { name: invite.code }).click();
  await expect(reader.button("Join")).toBeVisible();
  expect(await reader.page.evaluate(() => "isSame" in globalThis)).toBe(true);
  await reader.page.goBack();
  const elsewhere = reader.page.waitForEvent("popup");
  await reader.message("come along").getByRole("link", { name: "/api/docs/" }).click();
  await (await elsewhere).close();
});

test("who comes by a link that asks first is let in by an admin, or turned away, and sees it happen", async ({
  device,
}) => {
  const chat = await ann.group("Night walk", bob);
  await ann.patch(`/chats/${chat.id}/members/${bob.id}`, { role: "admin" });
  const owner = await (await device()).signedIn(server.url, "ann");
  const admin = await (await device(PHONE)).signedIn(server.url, "bob");
  await owner.openChat("Night walk");
  await owner.openInfo();
  await owner.button("Invitation links").click();
  const dialog = owner.dialog("Invitation links");
  await dialog.getByRole("switch", { name: "Somebody has to let them in" }).click();
  await dialog.getByRole("button", { name: "Create link" }).click();
  const row = dialog.getByRole("list", { name: "Invitation links" }).getByRole("listitem");
  await expect(row).toContainText("has to be let in");
  await row.getByRole("button", { name: "Show as QR code" }).click();
  const code = owner.page.getByRole("img", { name: "QR code of the link" });
  await expect(code, "dark on light, in dark themes too").toHaveCSS("background-color", "rgb(255, 255, 255)");
  await owner.page.keyboard.press("Escape");
  const link = (await row.getByText(/\/join\//).textContent()) ?? "";
  await owner.page.keyboard.press("Escape");

  const guest = await (await device()).open(link);
  await guest.field("Email").fill("eve");
  await guest.field("Password").fill(PASSWORD);
  await guest.button("Sign in").click();
  await guest.button("Ask to join").click();
  await expect(guest.page.getByText("You have asked to join.")).toBeVisible();
  await guest.page.reload();
  await expect(guest.page.getByText("You have asked to join.")).toBeVisible();

  await expect(admin.chat("Night walk")).toContainText("1 person asks to join");
  await owner.button("1 person asks to join").first().click();
  const queue = owner.dialog("Requests to join");
  await queue.getByRole("button", { name: "Turn EVE away" }).click();
  await expect(queue.getByText("Nobody waits")).toBeVisible();
  await expect(guest.page.getByText("You were not let in.")).toBeVisible();

  await guest.button("Ask to join").click();
  await expect(queue.getByRole("listitem")).toContainText("@eve");
  await admin.openChat("Night walk");
  await admin.button("1 person asks to join").click();
  await admin.dialog("Requests to join").getByRole("button", { name: "Let EVE in" }).click();
  await expect(guest.box).toBeVisible();
  await expect(guest.message("BOB added you")).toBeVisible();
  await expect(queue.getByText("Nobody waits")).toBeVisible();
  await expect(admin.page.getByText("asks to join")).toHaveCount(0);
});
