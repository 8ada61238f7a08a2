import { Person } from "../../e2e/support/person.js";
import { DESKTOP, expect, serve, test } from "./support/test";

const server = serve();

test("what is said while a dialog is open is heard, and can be pressed, in the dialog", async ({
  device,
}) => {
  const desk = await device(DESKTOP);
  await desk.context.grantPermissions(["clipboard-write", "clipboard-read"]);
  const ann = await desk.open(server.url);
  await ann.signUp("ann");
  await new Person(server.nexus, "ann").logIn().then((me) => me.group("Rowers"));
  await ann.openChat("Rowers");
  await ann.header.click();
  await ann.button("Invitation links").click();
  const dialog = ann.dialog("Invitation links");
  await dialog.getByRole("button", { name: "Create link" }).click();
  await dialog.getByRole("button", { name: "Copy link" }).click();
  const toast = dialog.getByRole("group", { name: "Link copied" });
  await toast.hover();
  await expect(dialog.locator("[aria-live=polite]", { hasText: "Link copied" })).toHaveCount(1);
  await toast.getByRole("button", { name: "Dismiss" }).click();
  await expect(toast).toHaveCount(0);
  await expect(dialog).toBeVisible();

  await dialog.getByRole("button", { name: "Copy link" }).click();
  await expect(toast).toBeVisible();
  await ann.page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  const outside = ann.page.getByRole("group", { name: "Link copied" });
  // It stays for as long as the pointer is on it.
  await outside.hover();
  await expect(async () => {
    await ann.page.keyboard.press("F6");
    await expect(outside.getByRole("button", { name: "Dismiss" })).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await ann.page.keyboard.press("Enter");
  await expect(outside).toHaveCount(0);
  await expect(ann.page.locator(":focus")).not.toHaveCount(0);
});

test("a tap beside a dialog closes it, unless something was written", async ({ device }) => {
  const eve = await (await device(DESKTOP)).open(server.url);
  await eve.signUp("eve");
  const dialog = eve.page.getByRole("dialog");
  await eve.button("New chat").click();
  await expect(dialog).toBeVisible();
  await eve.page.mouse.click(5, 5);
  await expect(dialog).toHaveCount(0);

  await eve.button("New chat").click();
  await eve.button("New group").click();
  const title = dialog.getByRole("textbox", { name: "Group name" });
  await title.fill("Rowers");
  await eve.page.mouse.click(5, 5);
  await expect(title).toHaveValue("Rowers");
  await eve.page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});
