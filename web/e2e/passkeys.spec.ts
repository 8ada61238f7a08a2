import type { CDPSession, Page } from "@playwright/test";
import { type Client, PASSWORD } from "./support/client";
import { DESKTOP, expect, serve, test } from "./support/test";

const server = serve();

test("a passkey signs in by a finger, with no name and no password", async ({ device }) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/(401|403)/);
  desk.expectNetworkErrors();
  // An address without a name has no passkeys.
  const url = server.url.replace("127.0.0.1", "localhost");
  const ann = await desk.open(url);
  await ann.signUp("ann");
  const authenticator = await plugIn(ann.page);

  await test.step("it is added once it is sure who asks", async () => {
    await ann.page.goto(`${url}/settings/account`);
    await expect(ann.page.getByText("There are none yet.")).toBeVisible();
    await add(ann, "My desk");
    await prove(ann);
    await expect(list(ann).getByRole("listitem")).toContainText(["My desk"]);
    expect(await authenticator.count()).toBe(1);
  });

  await test.step("this device makes no second one", async () => {
    await add(ann, "Again");
    await expect(ann.dialog("Add a passkey").getByRole("alert")).toContainText("has a passkey");
    await ann.page.keyboard.press("Escape");
  });

  await test.step("it signs in", async () => {
    await ann.signOut();
    await ann.button("Sign in with a passkey").click();
    await expect(ann.button("New chat")).toBeVisible();
  });

  await test.step("who does not show who they are is not let in", async () => {
    await ann.signOut();
    await authenticator.recognise(false);
    await ann.button("Sign in with a passkey").click();
    await expect(ann.page.getByRole("alert").filter({ hasText: "Nothing came of it" })).toBeVisible();
    await authenticator.recognise(true);
    await ann.button("Sign in with a passkey").click();
    await expect(ann.button("New chat")).toBeVisible();
  });

  await test.step("it has another name, and then is gone", async () => {
    await ann.page.goto(`${url}/settings/account`);
    await ann.button("Rename").click();
    await ann.dialog("Rename").getByRole("textbox", { name: "Name" }).fill("Key ring");
    await ann.dialog("Rename").getByRole("button", { name: "Save" }).click();
    await expect(list(ann).getByRole("listitem")).toContainText(["Key ring"]);
    await ann.button("Remove").click();
    await ann.dialog("Remove Key ring?").getByRole("button", { name: "Remove" }).click();
    await expect(ann.page.getByText("There are none yet.")).toBeVisible();
    await ann.signOut();
    await ann.button("Sign in with a passkey").click();
    await expect(ann.page.getByText("This passkey opens nothing here.")).toBeVisible();
  });
});

const list = (person: Client) => person.page.getByRole("list", { name: "Passkeys" });

async function add(person: Client, name: string): Promise<void> {
  await person.button("Add a passkey").click();
  const dialog = person.dialog("Add a passkey");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Add a passkey" }).click();
}

async function prove(person: Client): Promise<void> {
  const dialog = person.dialog("Is it you?");
  await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
}

/** Chromium's own, as phones and computers have them. */
async function plugIn(page: Page) {
  const chromium: CDPSession = await page.context().newCDPSession(page);
  await chromium.send("WebAuthn.enable");
  const { authenticatorId } = await chromium.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    recognise: (isUserVerified: boolean) =>
      chromium.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    count: async () =>
      (await chromium.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}
