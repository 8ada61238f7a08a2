import { Person } from "../../e2e/support/person.js";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("several messages are chosen, forwarded in their order, copied and deleted at once", async ({
  device,
}) => {
  const max = await Person.signUp(server.nexus, "max");
  const desk = await device(DESKTOP);
  await desk.context.grantPermissions(["clipboard-write", "clipboard-read"]);
  const una = await desk.open(server.url);
  await una.signUp("una");
  const me = await new Person(server.nexus, "una").logIn();
  await me.group("Archive", max);
  await una.startChat("max");
  for (const text of ["one", "two", "three"]) await una.send(text);
  await expect(una.message("three", "(Sent|Delivered)")).toBeVisible();
  const bar = una.page.getByRole("toolbar", { name: "Selected messages" });

  await test.step("by the pointer: presses go to the rows, and the text that was begun stays", async () => {
    await una.box.fill("half a thought");
    await una.menuOf("three");
    await una.item("Select").click();
    await expect(bar).toContainText("1 selected");
    await expect(una.box).toHaveCount(0);
    await una.message("one").click();
    await expect(bar).toContainText("2 selected");
    await expect(una.message("You, selected, one")).toBeVisible();
    await bar.getByRole("button", { name: "Copy text" }).click();
    expect(await una.page.evaluate(() => navigator.clipboard.readText())).toBe("one\n\nthree");
    await expect(una.box).toHaveValue("half a thought");
    await una.box.fill("");
  });

  await test.step("by the keyboard, and Escape leaves the choice and not the chat", async () => {
    await una.message("three").focus();
    await una.page.keyboard.press("Enter");
    await una.item("Select").press("Enter");
    await expect(bar).toContainText("1 selected");
    await una.message("three").focus();
    await una.page.keyboard.press("ArrowUp");
    await una.page.keyboard.press("Space");
    await expect(bar).toContainText("2 selected");
    await una.page.keyboard.press("Escape");
    await expect(bar).toHaveCount(0);
    await expect(una.box).toBeVisible();
  });

  await test.step("they arrive elsewhere in the order they were said in", async () => {
    await una.menuOf("three");
    await una.item("Select").click();
    for (const text of ["one", "two"]) await una.message(`You, ${text}`).click();
    await bar.getByRole("button", { name: "Forward" }).click();
    await una.dialog("Forward to").getByRole("button", { name: "Archive" }).click();
    await una.dialog("Forward to").getByRole("button", { name: "Forward to 1 chat" }).click();
    await expect(bar).toHaveCount(0);
    await una.openChat("Archive");
    await expect(una.message("three")).toContainText("Forwarded");
    const labels = (await una.labels()).filter((label) => /one|two|three/.test(label));
    expect(labels.map((label) => label.split(", ")[1])).toEqual(["one", "two", "three"]);
  });

  await test.step("on a phone two go for everyone", async () => {
    const phone = await (await device(PHONE)).open(server.url);
    await phone.signIn("una");
    await phone.openChat("MAX");
    await phone.menuOf("one");
    await phone.item("Select").click();
    await phone.message("You, two").tap();
    await phone.page.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
    await phone.dialog("Delete 2 messages?").getByRole("button", { name: "Delete for everyone" }).click();
    await expect(phone.message("This message was deleted")).toHaveCount(2);
    await expect(phone.message("You, three")).toBeVisible();
    await expect(phone.box).toBeVisible();
  });
});
