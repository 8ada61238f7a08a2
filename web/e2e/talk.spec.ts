import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("two people talk, from sign-up to the read tick", async ({ device }) => {
  const ann = await (await device(PHONE)).open(server.url);
  const bob = await (await device(DESKTOP)).open(server.url);
  await ann.signUp("ann");
  await bob.signUp("bob");

  await test.step("a message arrives, and its sender sees how far it has come", async () => {
    await ann.startChat("bob");
    await ann.send("hello Bob");
    await expect(ann.message("You, hello Bob", "(Sent|Delivered)")).toBeVisible();
    await expect(bob.chat("Ann")).toContainText("hello Bob");
    await expect(bob.chat("Ann")).toContainText("1 unread");
    await expect(ann.message("You, hello Bob", "Delivered")).toBeVisible();

    await bob.openChat("Ann");
    await expect(bob.message("Ann, hello Bob")).toBeVisible();
    await expect(ann.message("You, hello Bob", "Read")).toBeVisible();
    await expect(bob.chat("Ann")).not.toContainText("unread");
    const tick = ann.message("You, hello Bob").getByRole("img", { name: /^Read \d+:\d\d/ });
    await expect(tick).toBeVisible();
  });

  await test.step("each sees that the other is there, and types", async () => {
    await expect(ann.header).toHaveAccessibleName("online Bob online");
    await bob.box.pressSequentially("well");
    await expect(ann.header).toHaveAccessibleName("online Bob typing…");
    await bob.box.fill("");
    await expect(ann.header).toHaveAccessibleName("online Bob online");
  });

  await test.step("an answer says what it answers", async () => {
    await bob.menuOf("hello Bob");
    await bob.item("Reply").click();
    await bob.box.fill("hello yourself");
    await bob.box.press("Enter");
    const answer = ann.message("Bob, hello yourself");
    await expect(answer).toBeVisible();
    await expect(answer.getByRole("button", { name: "In reply to You: hello Bob" })).toBeVisible();
  });

  await test.step("an edit shows on both sides, and that it was one", async () => {
    await bob.menuOf("hello yourself");
    await bob.item("Edit").click();
    await bob.box.fill("hello Ann");
    await bob.button("Save changes").click();
    await expect(bob.message("You, hello Ann", "edited, Read")).toBeVisible();
    await expect(ann.message("Bob, hello Ann", "edited")).toBeVisible();
  });

  await test.step("a menu opens while the one before is still closing", async () => {
    await bob.menuOf("hello Bob");
    await bob.message("hello Ann").evaluate((row) => {
      const bubble = row.querySelector("[data-bubble]");
      const { x, y } = bubble?.getBoundingClientRect() ?? new DOMRect();
      const asked = { bubbles: true, cancelable: true, clientX: x, clientY: y };
      const ask = () => bubble?.dispatchEvent(new MouseEvent("contextmenu", asked));
      window.addEventListener("keydown", () => setTimeout(ask), { once: true, capture: true });
    });
    await bob.page.keyboard.press("Escape");
    await expect(bob.item("Edit")).toBeVisible();
    await bob.page.keyboard.press("Escape");
    await expect(bob.page.getByRole("menu")).toHaveCount(0);
  });

  await test.step("a reaction is given and seen", async () => {
    await bob.menuOf("hello Bob");
    await bob.page.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
    const pill = ann.message("hello Bob").getByRole("button", { name: "👍 1: Bob" });
    await pill.click();
    await expect(bob.message("hello Bob").getByRole("button", { name: "👍 2: You and Ann" })).toBeVisible();
  });

  await test.step("what is deleted for everyone is gone on both sides", async () => {
    await bob.menuOf("hello Ann");
    await bob.item("Delete…").click();
    await bob.button("Delete for everyone").click();
    await expect(ann.message("Bob, This message was deleted")).toBeVisible();
    await expect(bob.message("You, This message was deleted")).toBeVisible();
    await expect(ann.messages).not.toContainText("hello Ann");
  });
});

test("people in a group see who wrote, and who it is", async ({ device }) => {
  const eve = await (await device(DESKTOP)).open(server.url);
  const joe = await (await device(PHONE)).open(server.url);
  await eve.signUp("eve");
  await joe.signUp("joe");

  await eve.button("New chat").click();
  await eve.button("New group").click();
  const dialog = eve.dialog("New group");
  await dialog.getByRole("textbox", { name: "Group name" }).fill("Tea at four");
  await dialog.getByRole("textbox", { name: "Search people" }).fill("joe");
  await dialog.getByRole("list", { name: "People" }).getByRole("button", { name: "Joe" }).click();
  await eve.button("Create group").click();
  await eve.send("who brings cake?");

  await expect(joe.chat("Tea at four")).toContainText("Eve:");
  await joe.openChat("Tea at four");
  await expect(joe.message("Eve created the group “Tea at four”")).toBeVisible();
  await expect(joe.message("Eve, who brings cake?")).toBeVisible();
  await expect(eve.message("You, who brings cake?", "Read")).toBeVisible();
});

test("an own name shows in the settings", async ({ device }) => {
  const kim = await (await device(PHONE)).open(server.url);
  await kim.signUp("kim", "Kim Novák");
  await kim.page.getByRole("link", { name: "Settings" }).click();
  await expect(kim.page.getByText("Kim Novák")).toBeVisible();
});

test("within a group of bubbles the last one tells the time, the others tell who asks", async ({
  device,
}) => {
  const max = await (await device(DESKTOP)).open(server.url);
  const lou = await (await device(PHONE)).open(server.url);
  await max.signUp("max");
  await lou.signUp("lou");
  await max.startChat("lou");
  await max.send("one");
  await expect(max.message("one", "(Sent|Delivered)")).toBeVisible();
  const first = max.message("one").locator("[data-bubble]");
  await expect(first.locator("time")).toBeVisible();
  await max.send("two");
  await expect(max.message("two", "(Sent|Delivered)").locator("[data-bubble] time")).toBeVisible();
  await expect(first.locator("time")).toHaveCount(0);
  await expect(max.message("one", "(Sent|Delivered)")).toBeVisible();

  await max.page.mouse.move(0, 0);
  const bar = max.message("one").getByRole("button", { name: "Message actions" }).locator("..");
  await max.box.focus();
  await expect(bar).toHaveCSS("opacity", "0");
  await first.hover();
  await expect(bar).toHaveCSS("opacity", "1");
  await expect(bar.locator("time")).toHaveText(/\d:\d\d/);
  await max.page.mouse.move(0, 0);
  await max.message("one").focus();
  await expect(bar).toHaveCSS("opacity", "1");
});
