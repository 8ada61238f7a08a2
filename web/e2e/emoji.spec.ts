import { onDisk } from "./support/disk";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("an emoji is typed by its name, and those of yesterday are at hand", async ({ device }) => {
  const desk = await device(DESKTOP);
  const ivy = await desk.open(server.url);
  const noa = await (await device(PHONE)).open(server.url);
  await ivy.signUp("ivy");
  await noa.signUp("noa");
  await ivy.startChat("noa");
  const choices = ivy.page.getByRole("listbox", { name: "Matching emoji" });
  const chosen = choices.getByRole("option", { selected: true });
  const combobox = ivy.page.getByRole("combobox", { name: "Message" });

  await test.step("the list follows the letters, and the keys choose from it", async () => {
    await ivy.box.pressSequentially("well :sm");
    await expect(chosen).toContainText(":smile:");
    await expect(combobox).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id")) ?? "");
    await ivy.page.keyboard.press("ArrowDown");
    await expect(choices.getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
    await ivy.page.keyboard.press("ArrowUp");
    await ivy.page.keyboard.press("Enter");
    await expect(ivy.box).toHaveValue("well 😄");
    await expect(choices).toHaveCount(0);
    await ivy.page.keyboard.type(" and :tad");
    await expect(choices).toBeVisible();
    await ivy.page.keyboard.press("Escape");
    await expect(choices).toHaveCount(0);
    await ivy.page.keyboard.type("a: too");
    await expect(ivy.box).toHaveValue("well 😄 and 🎉 too");
  });

  await test.step("in the middle of a text the caret stays behind it", async () => {
    await ivy.box.fill("ab");
    await ivy.page.keyboard.press("ArrowLeft");
    await ivy.page.keyboard.type(" :+1: ");
    await expect(ivy.box).toHaveValue("a 👍 b");
    await ivy.page.keyboard.type("c");
    await expect(ivy.box).toHaveValue("a 👍 cb");
  });

  await test.step("code is left as it is", async () => {
    await ivy.box.fill("");
    await ivy.page.keyboard.type("`x :smile: :smi");
    await expect(ivy.box).toHaveValue("`x :smile: :smi");
    await expect(choices).toHaveCount(0);
    await ivy.box.fill("");
  });

  await test.step("the picker keeps the colour of the skin, and what was used last", async () => {
    await ivy.button("Emoji").click();
    const picker = ivy.dialog("Emoji");
    const recent = picker.getByRole("region", { name: "Recently used" });
    await expect(recent.getByRole("button")).toHaveText(["👍", "🎉", "😄"]);
    await picker.getByRole("radio", { name: "Medium dark" }).check();
    await picker.getByRole("searchbox", { name: "Search emoji" }).fill("waving");
    await expect(recent).toHaveCount(0);
    await picker.getByRole("gridcell", { name: /^waving hand/i }).click();
    await expect(ivy.box).toHaveValue("👋🏾");
    await ivy.page.keyboard.press("Escape");
    await expect.poll(() => onDisk(ivy.page, "meta")).toContain("👋🏾");
    await ivy.page.reload();
    await ivy.button("Emoji").click();
    await expect(recent.getByRole("button").first()).toHaveText("👋🏾");
    await expect(picker.getByRole("radio", { name: "Medium dark" })).toBeChecked();
    await ivy.page.keyboard.press("Escape");
    await ivy.box.fill("");
    await ivy.box.pressSequentially(":wave:");
    await expect(ivy.box).toHaveValue("👋🏾");
  });

  await test.step("who signs out leaves no trace of it", async () => {
    await ivy.signOut();
    await ivy.signIn("ivy");
    await ivy.openChat("Noa");
    await ivy.button("Emoji").click();
    const picker = ivy.dialog("Emoji");
    await expect(picker.getByRole("radio", { name: "Default" })).toBeChecked();
    await expect(picker.getByRole("region", { name: "Recently used" })).toHaveCount(0);
  });
});
