import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { type Client, PASSWORD } from "./support/client";
import { tokenOf, unsubscribeToken } from "./support/letters";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();
const SPENT = "This link was used already, or is too old.";

test("who forgot the password gets back in by a letter", async ({ device }) => {
  const phone = await device(PHONE);
  phone.expectConsole(/(401|410|422)/);
  // Pages are left while they still connect.
  phone.expectNetworkErrors();
  const ann = await phone.open(server.url);
  await ann.signUp("ann");

  await test.step("an address is confirmed by its letter, once", async () => {
    await expect(ann.page.getByText("Confirm your e-mail address")).toBeVisible();
    const token = await tokenOf(server.nexus, "ann", "verify");
    await ann.page.goto(`${server.url}/verify#token=${token}`);
    await expect(ann.page.getByText("Your address is confirmed.")).toBeVisible();
    expect(ann.page.url(), "no key stays in the address bar").toBe(`${server.url}/verify`);
    await ann.button("To the chats").click();
    await expect(ann.button("New chat")).toBeVisible();
    await expect(ann.page.getByText("Confirm your e-mail address")).toHaveCount(0);
    await ann.page.goto(`${server.url}/verify#token=${token}`);
    await expect(ann.page.getByText(SPENT)).toBeVisible();
  });

  await test.step("a letter lets its reader choose a new password", async () => {
    await ann.signOut();
    await ann.page.getByRole("link", { name: "Forgot your password?" }).click();
    await ann.field("Email").fill("ann@example.com");
    await ann.button("Send the letter").click();
    await expect(ann.page.getByText("a letter is on its way")).toBeVisible();
    await ann.page.goto(`${server.url}/reset#token=${await tokenOf(server.nexus, "ann", "reset")}`);
    await ann.field("New password").fill("password12");
    await ann.button("Set the password").click();
    await expect(ann.page.getByText("This is too easy to guess.")).toBeVisible();
    await ann.field("New password").fill("violet anchor under snow");
    await ann.button("Set the password").click();
    await expect(ann.page.getByText("The new password is set.")).toBeVisible();
  });

  await test.step("the old one is no good any more", async () => {
    await ann.button("To sign in").click();
    await ann.field("Email").fill("ann");
    await ann.field("Password").fill(PASSWORD);
    await ann.button("Sign in").click();
    await expect(ann.page.getByRole("alert")).toContainText("don’t belong together");
    await ann.field("Password").fill("violet anchor under snow");
    await ann.button("Sign in").click();
    await expect(ann.button("New chat")).toBeVisible();
  });
});

test("another address counts once its letter is answered, and the old one can take it back", async ({
  device,
}) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/(401|422)/);
  desk.expectNetworkErrors();
  const eve = await desk.open(server.url);
  await eve.signUp("eve");
  await eve.page.goto(`${server.url}/verify#token=${await tokenOf(server.nexus, "eve", "verify")}`);
  await expect(eve.page.getByText("Your address is confirmed.")).toBeVisible();
  await eve.page.goto(`${server.url}/settings/account`);
  await eve.button("Change e-mail address").click();
  const dialog = eve.dialog("Change e-mail address");
  await dialog.getByRole("textbox", { name: "New e-mail address" }).fill("eve.new@example.com");
  await dialog.getByRole("textbox", { name: "Current password" }).fill("not my password");
  await dialog.getByRole("button", { name: "Send the letter" }).click();
  await expect(dialog.getByText("This is not your password.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Current password" }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Send the letter" }).click();
  await expect(dialog).toHaveCount(0);

  await eve.page.goto(
    `${server.url}/confirm-email#token=${await tokenOf(server.nexus, "eve.new", "confirm-email")}`,
  );
  await expect(eve.page.getByText("From now on this is the address of your account.")).toBeVisible();
  await eve.page.goto(`${server.url}/settings/account`);
  await expect(eve.page.getByText("eve.new@example.com")).toBeVisible();

  await eve.page.goto(
    `${server.url}/revert-email#token=${await tokenOf(server.nexus, "eve", "revert-email")}`,
  );
  await expect(eve.page.getByText("Your former address is that of the account again.")).toBeVisible();
  await eve.button("To sign in").click();
  await expect(eve.button("Sign in")).toBeVisible();
});

test("the first screen has all ways in, takes what is pasted, and says what is wrong where it stands", async ({
  device,
}) => {
  const phone = await device(PHONE);
  phone.expectConsole(/(401|409|422)/);
  await phone.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  await Person.signUp(server.nexus, "lea");
  const amy = await phone.open(server.url);

  await test.step("sign in, or create an account, or get back in, a tap apart", async () => {
    await expect(amy.field("Email")).toHaveAttribute("autocomplete", "username");
    await expect(amy.field("Password")).toHaveAttribute("autocomplete", "current-password");
    await expect(amy.page.getByRole("link", { name: "Forgot your password?" })).toBeVisible();
    await amy.button("Sign in").click();
    await expect(amy.field("Email")).toBeFocused();
    await expect(amy.field("Email")).toHaveAccessibleDescription("Please fill this in.");
    await amy.button("Create account").click();
    await expect(amy.field("Password")).toHaveAttribute("autocomplete", "new-password");
  });

  await test.step("a password can be pasted, and looked at", async () => {
    await amy.page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD);
    await amy.field("Password").focus();
    await amy.page.keyboard.press("Control+v");
    await expect(amy.field("Password")).toHaveValue(PASSWORD);
    await expect(amy.field("Password")).toHaveAttribute("type", "password");
    await amy.button("Show characters").click();
    await expect(amy.field("Password")).toHaveAttribute("type", "text");
    await expect(amy.field("Password")).toHaveValue(PASSWORD);
    await amy.button("Hide characters").click();
    await expect(amy.field("Password")).toHaveAttribute("type", "password");
  });

  await test.step("the focus goes to the first field that is wrong, also where only the server knows", async () => {
    await amy.field("Display name").fill("Amy");
    await amy.field("Username").fill("?");
    await amy.field("Email").fill("nowhere");
    await amy.button("Create account").click();
    await expect(amy.field("Username")).toBeFocused();
    await expect(amy.field("Email")).toHaveAccessibleDescription("This doesn’t look like an e-mail address.");
    await amy.field("Username").fill("lea");
    await amy.field("Email").fill("amy@example.com");
    await amy.button("Create account").click();
    await expect(amy.field("Username")).toHaveAccessibleDescription("Somebody else has this username.");
    await expect(amy.field("Username")).toBeFocused();
    await amy.field("Username").fill("amy");
    await amy.button("Create account").click();
  });

  await test.step("then one is in, with something to do and nothing in the way", async () => {
    await expect(amy.button("Start a chat")).toBeVisible();
    await expect(amy.button("Invite")).toBeVisible();
    await expect(amy.page.getByText("Confirm your e-mail address")).toBeVisible();
    await expect(amy.page.getByRole("dialog")).toHaveCount(0);
    await expect(amy.button("Allow notifications")).toHaveCount(0);
    await amy.button("Start a chat").click();
    await expect(amy.dialog("New chat")).toBeVisible();
  });
});

test("a taken name is said where it stands", async ({ device }) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/409/);
  const first = await desk.open(server.url);
  await first.signUp("kim");
  await first.signOut();
  await first.button("Create account").click();
  await first.field("Display name").fill("Kim");
  await first.field("Username").fill("kim");
  await first.field("Email").fill("another@example.com");
  await first.field("Password").fill(PASSWORD);
  await first.button("Create account").click();
  await expect(first.field("Username")).toHaveAccessibleDescription("Somebody else has this username.");
});

test("signing in can take a second step, by an app or by a code kept for bad days", async ({ device }) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/(401|403|409|422)/);
  desk.expectNetworkErrors();
  const bob = await desk.open(server.url);
  await bob.signUp("bob");
  let secret = "";
  let kept: string[] = [];

  await test.step("it is set up with an app", async () => {
    await bob.page.goto(`${server.url}/settings/account`);
    await bob.button("Set up or change").click();
    await prove(bob);
    const dialog = bob.dialog("Two-step sign-in");
    await expect(dialog.getByRole("img", { name: "QR code for your app" })).toBeVisible();
    secret = ((await dialog.locator(".select-all").textContent()) ?? "").replace(/\s/g, "");
    await dialog.getByRole("textbox", { name: "Code" }).fill("000");
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await expect(dialog.getByText("Six digits, please.")).toBeVisible();
    await dialog.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, 0));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    const codes = dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await expect(codes).toHaveCount(10);
    kept = await codes.allInnerTexts();
    await bob.page.mouse.click(5, 5);
    await expect(codes).toHaveCount(10);
    await bob.button("I keep them").click();
  });

  await test.step("then the password alone is not enough", async () => {
    await bob.signOut();
    await enter(bob.page);
    await bob.field("Code").fill("000000");
    await bob.button("Sign in").click();
    await expect(bob.page.getByText("This code is not good now.")).toBeVisible();
    // The one that turned it on is used up; a clock may be a step ahead.
    await bob.field("Code").fill(codeOf(secret, 1));
    await bob.button("Sign in").click();
    await expect(bob.button("New chat")).toBeVisible();
  });

  await test.step("a recovery code does without the app", async () => {
    await bob.signOut();
    await enter(bob.page);
    await bob.button("Use a recovery code").click();
    await bob.field("Recovery code").fill(kept[3] ?? "");
    await bob.button("Sign in").click();
    await expect(bob.button("New chat")).toBeVisible();
  });

  await test.step("it is turned off by who proves it with a code", async () => {
    await bob.page.goto(`${server.url}/settings/account`);
    await bob.button("Set up or change").click();
    const dialog = bob.dialog("Is it you?");
    await dialog.getByRole("button", { name: "Use a one-time code" }).click();
    await dialog.getByRole("textbox", { name: "Code" }).fill("000000");
    await dialog.getByRole("button", { name: "Go on" }).click();
    await expect(dialog.getByText("This code is not good now.")).toBeVisible();
    await dialog.getByRole("button", { name: "Use a recovery code" }).click();
    await dialog.getByRole("textbox", { name: "Recovery code" }).fill(kept[4] ?? "");
    await dialog.getByRole("button", { name: "Go on" }).click();
    await expect(dialog).toHaveCount(0);
    await bob.button("Turn off").click();
    await expect(bob.dialog("Two-step sign-in")).toHaveCount(0);
    await bob.signOut();
    await bob.signIn("bob");
  });
});

async function enter(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Email", exact: true }).fill("bob");
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function prove(client: Client): Promise<void> {
  const dialog = client.dialog("Is it you?");
  await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog).toHaveCount(0);
}

/** As an app makes it (RFC 6238), some steps of 30 s from now. */
function codeOf(secret: string, ahead: number): string {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const tag = createHmac("sha1", key).update(counter).digest();
  const at = (tag.at(-1) ?? 0) & 0xf;
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

test("a letter's last link ends letters about missed messages, once that is confirmed", async ({
  device,
}) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/410/);
  desk.expectNetworkErrors();
  const ian = await Person.signUp(server.nexus, "ian");
  await ian.patch("/users/me/settings", { notifications: { emailDigest: "weekly" } });
  const digest = async () => (await ian.get("/users/me/settings")).body.settings.notifications.emailDigest;
  const token = unsubscribeToken(server.nexus, ian.id);
  const reader = await desk.open(`${server.url}/api/v1/unsubscribe?token=${token}`);
  await expect(reader.page.getByText("Should there be no more of them?")).toBeVisible();
  expect(new URL(reader.page.url()).hash, "no key stays in the address bar").toBe("");
  expect(await digest(), "programs that open links end nothing").toBe("weekly");
  await reader.button("Unsubscribe").click();
  await expect(reader.button("To sign in")).toBeVisible();
  expect(await digest()).toBe("off");

  await reader.page.goto(`${server.url}/unsubscribe#token=${token.slice(2)}`);
  await reader.button("Unsubscribe").click();
  await expect(reader.page.getByText("This link is not complete, or not one of ours.")).toBeVisible();
});
