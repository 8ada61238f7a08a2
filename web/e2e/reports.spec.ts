import type { Locator } from "@playwright/test";
import { PASSWORD, Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import type { Device } from "./support/device";
import { sendAll } from "./support/seed";
import { appoint } from "./support/staff";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();
let ann: Person;
let bob: Person;
let mod: Person;

test.beforeAll(async () => {
  [ann, bob, mod] = await Promise.all([
    Person.signUp(server.nexus, "ann"),
    Person.signUp(server.nexus, "bob"),
    Person.signUp(server.nexus, "mod"),
  ]);
  await appoint(server.nexus, "mod", "admin");
});

type Open = (options?: object) => Promise<Device>;

async function signedIn(device: Open, username: string, options: object = DESKTOP): Promise<Client> {
  const opened = await device(options);
  // Whoever does what is dangerous is asked for the password first.
  opened.expectConsole(/403/);
  return opened.signedIn(server.url, username);
}

/** Gives the password where it is asked for, which it is once in a while. `done`: what comes of it. */
async function proving(client: Client, done: Locator): Promise<void> {
  const dialog = client.dialog("Is it you?");
  await expect(dialog.or(done).first()).toBeVisible();
  if (await dialog.isVisible()) {
    await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Go on" }).click();
  }
  await expect(done).toBeVisible();
}

test("a message is reported, looked into with what stood around it, and its sender warned", async ({
  device,
}) => {
  const chat = await ann.group("Market", bob);
  const line = await bob.connect();
  await sendAll(bob, line, chat, ["Good morning", "Buy my miracle pills"]);
  line.close();
  const reporter = await signedIn(device, "ann", PHONE);
  await reporter.openChat("Market");
  await reporter.menuOf("miracle pills");
  await reporter.item("Report…").click();
  const dialog = reporter.dialog("Report this message");
  await expect(dialog.getByRole("button", { name: "Send report" })).toBeDisabled();
  await dialog.getByText("Spam or fraud").click();
  await dialog.getByRole("textbox").fill("The third time this week");
  await dialog.getByRole("switch", { name: "Block BOB, too" }).click();
  await dialog.getByRole("button", { name: "Send report" }).click();
  await expect(reporter.dialog("Thank you")).toContainText("Somebody will look into it.");
  await reporter.dialog("Thank you").getByRole("button", { name: "Close" }).last().click();
  await expect.poll(async () => (await ann.get("/blocks")).body.users.length).toBe(1);

  const reported = await signedIn(device, "bob");
  const staff = await signedIn(device, "mod");
  await staff.page.goto(`${server.url}/settings/moderation`);
  const reports = staff.page.getByRole("list", { name: "Reports" });
  await reports.getByRole("button", { name: /A message: Spam or fraud/ }).click();
  const view = staff.dialog("BOB");
  await expect(view.getByText("The third time this week")).toBeVisible();
  await expect(view.getByRole("list", { name: "Messages around it" })).toContainText("Good morning");
  await view.getByRole("button", { name: "Warn" }).click();
  const warning = staff.dialog("Warn");
  await warning.getByRole("textbox", { name: "Reason" }).fill("No advertising, please.");
  await warning.getByRole("button", { name: "Warn" }).click();
  await proving(staff, staff.page.getByText("Nothing waits for you"));
  await staff.page.getByText("Closed", { exact: true }).click();
  await expect(reports).toContainText("They were warned");

  const banner = reported.page.getByRole("region").filter({ hasText: "No advertising, please." });
  await expect(banner).toBeVisible();
  await banner.getByRole("button", { name: "Dismiss" }).click();
  await expect(banner).toHaveCount(0);
  await reported.page.reload();
  await expect(reported.button("New chat")).toBeVisible();
  await expect(banner).toHaveCount(0);
});

test("a person and a group can be reported from where they are looked at", async ({ device }) => {
  const cid = await Person.signUp(server.nexus, "cid");
  await bob.group("Doubtful", cid);
  const reporter = await signedIn(device, "cid");
  await reporter.openChat("Doubtful");
  await reporter.header.click();
  await reporter.button("Report group").click();
  const ofGroup = reporter.dialog("Report group");
  await ofGroup.getByText("Something illegal").click();
  await ofGroup.getByRole("button", { name: "Send report" }).click();
  await reporter.dialog("Thank you").getByRole("button", { name: "Close" }).last().click();
  await reporter.button("More for BOB").click();
  await reporter.item("Report…").click();
  const ofPerson = reporter.dialog("Report BOB");
  await ofPerson.getByText("Harassment").click();
  await ofPerson.getByRole("button", { name: "Send report" }).click();
  await expect(reporter.dialog("Thank you")).toBeVisible();
  const { body } = await mod.get("/admin/reports?state=open");
  expect(body.reports.map((report: { subject: { kind: string } }) => report.subject.kind)).toEqual([
    "user",
    "chat",
  ]);
});

test("what is announced to all shows at once, and is put away on all devices", async ({ device }) => {
  const staff = await signedIn(device, "mod");
  const desk = await signedIn(device, "ann");
  const phone = await signedIn(device, "ann", PHONE);
  await staff.page.goto(`${server.url}/settings/moderation`);
  await staff.page.getByText("Announcements", { exact: true }).click();
  await staff.page.getByRole("textbox", { name: "Say to everybody" }).fill("Back in **ten minutes**");
  await staff.page.getByRole("group", { name: "How grave" }).getByText("Warning").click();
  await staff.button("Announce").click();
  const list = staff.page.getByRole("list", { name: "Announcements" });
  await proving(staff, list.getByText("Back in ten minutes"));
  const banner = (client: Client) => client.page.getByRole("region", { name: "Warning" });
  for (const client of [desk, phone]) await expect(banner(client)).toContainText("Back in ten minutes");
  await banner(phone).getByRole("button", { name: "Dismiss" }).click();
  await expect(banner(desk)).toHaveCount(0);
  await list.getByRole("button", { name: "Withdraw" }).first().click();
  await proving(staff, list.getByText("withdrawn"));
  await expect(banner(staff)).toHaveCount(0);
});

test("somebody is banned from the list of accounts, and let in again", async ({ device }) => {
  await Person.signUp(server.nexus, "dan");
  const staff = await signedIn(device, "mod", PHONE);
  await staff.page.goto(`${server.url}/settings/moderation`);
  await staff.page.getByText("Bans", { exact: true }).click();
  await expect(staff.page.getByText("Nobody is banned")).toBeVisible();
  await staff.page.getByRole("searchbox", { name: "Find an account" }).fill("dan");
  await staff.button("Ban DAN").click();
  const dialog = staff.dialog("Ban DAN?");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Not again");
  await dialog.getByRole("button", { name: "Ban", exact: true }).click();
  await proving(staff, staff.button("Lift the ban of DAN"));
  await staff.page.getByRole("searchbox", { name: "Find an account" }).fill("");
  await expect(staff.page.getByRole("list", { name: "Bans" })).toContainText("Not again");
  await staff.button("Lift the ban of DAN").click();
  await proving(staff, staff.page.getByText("Nobody is banned"));
});
