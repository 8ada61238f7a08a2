import type { Locator } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { type Client, PASSWORD } from "./support/client";
import { sendAll } from "./support/seed";
import { expect, serve, test } from "./support/test";

const server = serve();

test("everything is in reach of the keyboard, from sign-up to sign-out", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const ann = await (await device()).open(server.url);
  const { keyboard } = ann.page;

  await test.step("create an account", async () => {
    await tabTo(ann, ann.button("Create account"));
    await keyboard.press("Enter");
    const fields = { "Display name": "Ann", Username: "ann", Email: "ann@example.com", Password: PASSWORD };
    for (const [name, text] of Object.entries(fields)) {
      await tabTo(ann, ann.field(name));
      await keyboard.type(text);
    }
    await keyboard.press("Enter");
    await expect(ann.button("New chat")).toBeVisible();
  });

  await test.step("find a person and write", async () => {
    await tabTo(ann, ann.button("New chat"));
    await keyboard.press("Enter");
    await expect(ann.field("Search people")).toBeFocused();
    await keyboard.type("bob");
    await expect(
      ann.page.getByRole("list", { name: "People" }).getByRole("button", { name: "BOB" }),
    ).toBeVisible();
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await expect(ann.box).toBeFocused();
    await keyboard.type("hello");
    await keyboard.press("Shift+Enter");
    await keyboard.type("there");
    await keyboard.press("Enter");
    await expect(ann.message("hello there", "Sent")).toBeVisible();
    await expect(ann.box).toBeFocused();
  });

  await test.step("edit what was written last, or leave it", async () => {
    await keyboard.press("ArrowUp");
    await expect(ann.page.getByText("Editing", { exact: true })).toBeVisible();
    await keyboard.press("Escape");
    await expect(ann.box).toHaveValue("");
    await keyboard.press("ArrowUp");
    await keyboard.press("Control+a");
    await keyboard.type("good morning");
    await keyboard.press("Enter");
    await expect(ann.message("good morning", "edited, Sent")).toBeVisible();
  });

  await test.step("answer and react", async () => {
    const line = await bob.connect();
    const [chat] = (await bob.get("/chats")).body.chats;
    await sendAll(bob, line, chat, ["what a day"]);
    await expect(ann.message("BOB, what a day")).toBeVisible();
    await tabTo(ann, ann.message("BOB, what a day"), "Shift+Tab");
    await keyboard.press("ArrowUp");
    await expect(ann.message("good morning")).toBeFocused();
    await keyboard.press("End");
    await keyboard.press("r");
    await expect(ann.page.getByText("Replying to BOB")).toBeVisible();
    await expect(ann.box).toBeFocused();
    await keyboard.type("it is");
    await keyboard.press("Enter");
    await expect(ann.message("You, it is", "Sent")).toBeVisible();

    await tabTo(ann, ann.message("You, it is"), "Shift+Tab");
    await keyboard.press("ArrowUp");
    await keyboard.press("Enter");
    const thumb = ann.page.getByRole("menuitemcheckbox", { name: "React with 👍" });
    await expect(thumb).toBeVisible();
    await tabTo(ann, thumb, "ArrowDown");
    await keyboard.press("Enter");
    await expect(ann.message("what a day").getByRole("button", { name: "👍 1: You" })).toBeVisible();
    line.close();
  });

  await test.step("sign out", async () => {
    await tabTo(ann, ann.page.getByRole("link", { name: "Settings" }));
    await keyboard.press("Enter");
    await tabTo(ann, ann.button("Sign out"));
    await keyboard.press("Enter");
    await tabTo(ann, ann.dialog("Sign out of this device?").getByRole("button", { name: "Sign out" }));
    await keyboard.press("Enter");
    await expect(ann.button("Sign in")).toBeVisible();
  });
});

test("keys count by their place where there are no Latin letters, and marked chats as unread", async ({
  device,
}) => {
  const leo = await Person.signUp(server.nexus, "leo");
  const mia = await (await device()).open(server.url);
  await mia.signUp("mia");
  await mia.startChat("leo");
  await mia.send("hello Leo");
  await expect(mia.message("hello Leo", "Sent")).toBeVisible();
  const me = await new Person(server.nexus, "mia").logIn();
  const away = await leo.group("Far away", me);
  await expect(mia.chat("Far away")).toBeVisible();
  await mia.openChat("Far away");
  await leo.group("Between", me);
  await expect(mia.chat("Between")).toBeVisible();
  await mia.openChat("Between");
  await me.patch(`/chats/${away.id}/me`, { unreadFrom: 1 });
  await expect(mia.chat("Far away")).toContainText("unread");
  await mia.page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(mia.page).toHaveURL(new RegExp(away.id));

  await mia.box.focus();
  await mia.page.evaluate(() =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent("keydown", {
        key: "л",
        code: "KeyK",
        ctrlKey: true,
        bubbles: true,
        cancelable: true,
      }),
    ),
  );
  await expect(mia.page.getByRole("searchbox", { name: "Search", exact: true })).toBeFocused();
  await mia.page.keyboard.press("Control+/");
  const sheet = mia.dialog("Keyboard shortcuts");
  await expect(sheet).toContainText("Open the menu of the message");
  await expect(sheet).toContainText("First or last of the list");
});

test("the shortcuts do what their list says", async ({ device }) => {
  const joe = await Person.signUp(server.nexus, "joe");
  const line = await joe.connect();
  const eve = await (await device()).open(server.url);
  await eve.signUp("eve");
  await eve.startChat("joe");
  const [chat] = (await joe.get("/chats")).body.chats;
  const other = await joe.group("Boats", chat.peer);
  await sendAll(joe, line, chat, ["first"]);
  await sendAll(joe, line, other, ["second"]);
  await expect(eve.chat("Boats")).toContainText("1 unread");
  const { keyboard } = eve.page;

  await eve.openChat("Boats");
  await keyboard.press("Alt+ArrowDown");
  await expect(eve.message("JOE, first")).toBeVisible();
  await keyboard.press("Alt+ArrowUp");
  await expect(eve.message("JOE, second")).toBeVisible();

  await keyboard.press("Control+k");
  await expect(eve.page.getByRole("searchbox", { name: "Search", exact: true })).toBeFocused();
  await keyboard.type("firs");
  const hits = eve.page.getByRole("navigation").getByRole("list", { name: "Messages" });
  await expect(hits.getByRole("listitem")).toHaveCount(1);
  await keyboard.press("Escape");
  await expect(eve.chats).toBeVisible();
  await expect(eve.message("JOE, second")).toBeVisible();

  await keyboard.press("Control+/");
  await expect(eve.dialog("Keyboard shortcuts")).toBeVisible();
  await keyboard.press("Escape");
  await expect(eve.dialog("Keyboard shortcuts")).toBeHidden();

  const inList = eve.page.locator("nav :focus, nav:focus");
  const inChat = eve.page.locator("main :focus, main:focus");
  await eve.box.focus();
  await keyboard.press("F6");
  await expect(inList).toHaveCount(1);
  await keyboard.press("F6");
  await expect(inChat).toHaveCount(1);

  await eve.box.focus();
  await keyboard.press("Control+f");
  await expect(eve.page.getByRole("searchbox", { name: "Search in this chat" })).toBeFocused();
  await keyboard.press("Escape");
  await expect(eve.message("JOE, second")).toBeVisible();
  await keyboard.press("Escape");
  await expect(eve.box).toBeHidden();
  line.close();
});

/** Presses until the focus is there: what Tab does not reach, nobody without a mouse can use. */
async function tabTo(client: Client, target: Locator, key = "Tab"): Promise<void> {
  for (let press = 0; press < 40; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await client.page.keyboard.press(key);
  }
  await expect(target).toBeFocused({ timeout: 1 });
}
