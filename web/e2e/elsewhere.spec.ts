import { PASSWORD } from "./support/client";
import { tokenOf } from "./support/letters";
import { Provider } from "./support/provider";
import { DESKTOP, expect, serve, test } from "./support/test";

const provider = new Provider();
test.beforeAll(() => provider.start());
test.afterAll(() => provider.stop());
const server = serve(
  {},
  (port) => `
server.public_url = "http://localhost:${port}"
[[oidc]]
id = "example"
name = "Example"
issuer = "${provider.url}"
client_id = "chat"
client_secret = "secret"
`,
);

test("an account elsewhere opens one here, signs in to it, and is linked to one that is there", async ({
  device,
}) => {
  const desk = await device(DESKTOP);
  desk.expectConsole(/(401|403|409)/);
  desk.expectNetworkErrors();
  const url = server.url.replace("127.0.0.1", "localhost");
  const elsewhere = "Sign in with Example";

  await test.step("somebody new chooses a name", async () => {
    provider.who = { sub: "1", email: "kim@example.com", email_verified: true, name: "Kim Blum" };
    const kim = await desk.open(url);
    await kim.button(elsewhere).click();
    await expect(kim.field("Display name")).toHaveValue("Kim Blum");
    expect(kim.page.url(), "no ticket stays in the address bar").toBe(`${url}/`);
    await kim.field("Username").fill("kim");
    await kim.button("Create account").first().click();
    await expect(kim.button("New chat")).toBeVisible();
    await kim.signOut();
    await kim.button(elsewhere).click();
    await expect(kim.button("New chat")).toBeVisible();
    await kim.signOut();
    await kim.page.close();
  });

  await test.step("an account that is there is linked by who is signed in to it", async () => {
    provider.who = { sub: "2", email: "ann@example.com", email_verified: true };
    const ann = await desk.open(url);
    await ann.signUp("ann");
    // Who has not shown that the address is theirs would lose it to who comes with it.
    await ann.page.goto(`${url}/verify#token=${await tokenOf(server.nexus, "ann", "verify")}`);
    await ann.button("To the chats").click();
    await ann.signOut();
    await ann.button(elsewhere).click();
    await expect(ann.page.getByText("Sign in to it, then link Example in the settings.")).toBeVisible();
    await ann.signIn("ann");
    await ann.page.goto(`${url}/settings/account`);
    await ann.button("Link").click();
    const dialog = ann.dialog("Is it you?");
    await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Go on" }).click();
    await expect(ann.page.getByText("Linked, as ann@example.com")).toBeVisible();
    await ann.signOut();
    await ann.button(elsewhere).click();
    await expect(ann.button("New chat")).toBeVisible();
  });
});
