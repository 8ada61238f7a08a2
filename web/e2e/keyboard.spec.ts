import type { Locator } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { type Client, PASSWORD } from "./support/client";
import { longTalk, sendAll } from "./support/seed";
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
  // A read that comes later would undo the mark.
  await expect.poll(async () => (await me.get(`/chats/${away.id}`)).body.chat.me.readSeq).toBe(1);
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

test("somebody is mentioned by keys alone", async ({ device }) => {
  const mentioned = await Person.signUp(server.nexus, "maxima");
  const others = [await Person.signUp(server.nexus, "maxine"), await Person.signUp(server.nexus, "oskar")];
  const kim = await (await device()).open(server.url);
  await kim.signUp("kim");
  await mentioned.group("Rowing", await new Person(server.nexus, "kim").logIn(), ...others);
  await kim.openChat("Rowing");
  const { keyboard } = kim.page;
  const list = kim.page.getByRole("listbox", { name: "People to mention" });
  const active = list.getByRole("option", { selected: true });
  const box = kim.page.getByLabel("Message", { exact: true });

  await box.pressSequentially("hello @max");
  await expect(list.getByRole("option")).toHaveCount(2);
  await expect(box).toHaveRole("combobox");
  await expect(box).toHaveAttribute("aria-activedescendant", (await active.getAttribute("id")) ?? "");
  const first = await active.textContent();
  await keyboard.press("ArrowDown");
  await expect(active).not.toHaveText(first ?? "");
  await keyboard.press("ArrowDown");
  await expect(active).toHaveText(first ?? "");
  await keyboard.press("ArrowUp");
  await expect(active).not.toHaveText(first ?? "");

  await test.step("Escape leaves what was typed, and only the list goes", async () => {
    await keyboard.press("Escape");
    await expect(list).toHaveCount(0);
    await expect(box).toBeFocused();
    await expect(box).toHaveValue("hello @max");
  });
  await test.step("Tab takes the one that is marked, and Enter too", async () => {
    await keyboard.type("im");
    await expect(active).toContainText("@maxima");
    await keyboard.press("Tab");
    await expect(box).toHaveValue("hello @maxima ");
    await expect(box).toBeFocused();
    await keyboard.type("and @os");
    await expect(active).toContainText("@oskar");
    await keyboard.press("Enter");
    await expect(box).toHaveValue("hello @maxima and @oskar ");
  });
  await keyboard.press("Enter");
  await expect(kim.message("hello @maxima and @oskar", "(Sent|Delivered)")).toBeVisible();
  const [chat] = (await mentioned.get("/chats")).body.chats;
  expect(chat.me.mentions).toBe(1);
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

test("arrows, Home and End go through lists, and a focused message has keys of its own", async ({
  device,
}) => {
  const lee = await Person.signUp(server.nexus, "lee");
  const line = await lee.connect();
  const zoe = await (await device()).open(server.url);
  await zoe.signUp("zoe");
  const me = await new Person(server.nexus, "zoe").logIn();
  for (const title of ["Third", "Second", "First"]) {
    await lee.group(title, me);
    await expect(zoe.chat(title)).toBeVisible();
  }
  const { keyboard } = zoe.page;
  const row = (name: string) => zoe.chat(name).getByRole("link");

  await test.step("the list of chats", async () => {
    await zoe.openChat("First");
    await row("First").focus();
    for (const [key, name] of [
      ["ArrowDown", "Second"],
      ["End", "Third"],
      ["ArrowUp", "Second"],
      ["Home", "First"],
      ["ArrowDown", "Second"],
    ] as const) {
      await keyboard.press(key);
      await expect(row(name)).toBeFocused();
    }
    await keyboard.press("Enter");
    await expect(zoe.header).toContainText("Second");
  });

  await test.step("what was found", async () => {
    await keyboard.press("Control+k");
    const searchBox = zoe.page.getByRole("searchbox", { name: "Search", exact: true });
    await expect(searchBox).toBeFocused();
    await keyboard.type("ir");
    const hits = zoe.page.getByRole("list", { name: "Chats", exact: true }).getByRole("link");
    await expect(hits).toHaveCount(2);
    await keyboard.press("ArrowDown");
    await expect(hits.first()).toBeFocused();
    await keyboard.press("End");
    await expect(hits.last()).toBeFocused();
    await keyboard.press("ArrowUp");
    await keyboard.press("ArrowUp");
    await expect(searchBox).toBeFocused();
    await keyboard.press("Escape");
  });

  await test.step("messages", async () => {
    for (const text of ["one", "two", "three"]) await zoe.send(text);
    await expect(zoe.message("three", "Sent")).toBeVisible();
    await tabTo(zoe, zoe.message("three"), "Shift+Tab");
    await keyboard.press("Home");
    await expect(zoe.rows.first()).toBeFocused();
    await keyboard.press("End");
    await expect(zoe.message("three")).toBeFocused();
    await keyboard.press("e");
    await expect(zoe.box).toHaveValue("three");
    await keyboard.press("Escape");
    await tabTo(zoe, zoe.message("three"), "Shift+Tab");
    await keyboard.press("ArrowUp");
    await keyboard.press("Delete");
    await zoe.button("Delete for everyone").click();
    await expect(zoe.message("This message was deleted")).toBeVisible();
    await expect(zoe.message("three")).toBeVisible();
  });
  line.close();
});

test("a list too long to be laid out is in reach of the keyboard, and tells who is there, all the way down", async ({
  device,
}) => {
  const zed = await Person.signUp(server.nexus, "zed");
  const me = await Person.signUp(server.nexus, "una");
  const chat = await me.direct(zed);
  await me.post(`/chats/${chat.id}/messages`, {
    clientId: crypto.randomUUID(),
    type: "text",
    content: "hello",
  });
  for (let at = 0; at < 170; at += 1) await me.group(`Group ${at}`);
  const line = await zed.connect();
  const una = await (await device()).signedIn(server.url, "una");
  const { keyboard } = una.page;
  const top = una.chat("Group 169").getByRole("link");
  const stop = una.chats.locator("[data-row][tabindex='0']");
  const focused = una.chats.locator("[data-row]:focus");
  await expect(una.chats.getByRole("listitem").first()).toHaveAttribute("aria-setsize", "171");

  await una.chats.locator("..").evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(una.chat("ZED").getByText("online")).toBeAttached();
  await expect(stop).toHaveCount(1);
  await una.page.getByRole("searchbox", { name: "Search", exact: true }).focus();
  await tabTo(una, stop);
  await expect(top).toBeInViewport();
  await keyboard.press("End");
  await expect(una.chat("ZED").getByRole("link")).toBeFocused();

  await una.chats.locator("..").evaluate((element) => element.scrollTo(0, 0));
  await expect(top).toBeInViewport();
  await una.page.getByRole("main").focus();
  await keyboard.press("F6");
  await expect(focused).toHaveCount(1);
  await keyboard.press("ArrowUp");
  await expect(una.chat("Group 0").getByRole("link")).toBeFocused();
  line.close();
});

test("Escape marks a chat as read before it leaves it", async ({ device }) => {
  const sam = await Person.signUp(server.nexus, "sam");
  const line = await sam.connect();
  const liv = await (await device()).open(server.url);
  await liv.signUp("liv");
  await liv.startChat("sam");
  await liv.page.keyboard.press("Escape");
  const [chat] = (await sam.get("/chats")).body.chats;
  await sendAll(sam, line, chat, longTalk(80));
  await expect(liv.chat("SAM")).toContainText("80 unread");
  await liv.openChat("SAM");
  await expect(liv.page.getByText("Unread messages", { exact: true })).toBeVisible();
  await expect(liv.chat("SAM")).toContainText("unread");

  await liv.page.keyboard.press("Escape");
  await expect(liv.chat("SAM")).not.toContainText("unread");
  await expect(liv.box).toBeVisible();
  const lastSeq = async () => (await new Person(server.nexus, "liv").logIn()).get(`/chats/${chat.id}`);
  await expect.poll(async () => (await lastSeq()).body.chat.me.readSeq).toBe(80);
  await liv.page.keyboard.press("Escape");
  await expect(liv.box).toBeHidden();
  line.close();
});

/** Presses until the focus is there: what Tab does not reach, nobody without a mouse can use. */
test("what an input method takes is no command", async ({ device }) => {
  await Person.signUp(server.nexus, "mei");
  const kenji = await Person.signUp(server.nexus, "kenji");
  await kenji.group("Tokyo");
  const machine = await device();
  const client = await machine.open(server.url);
  await client.signIn("kenji");
  const wire = await machine.context.newCDPSession(client.page);
  const compose = (text: string) =>
    wire.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });

  await client.page.getByRole("searchbox").focus();
  await compose("to");
  await client.page.keyboard.press("Enter");
  await expect(client.page.getByRole("searchbox")).toBeFocused();
  expect(new URL(client.page.url()).pathname).toBe("/");
  await compose("");

  await client.button("New chat").click();
  await expect(client.field("Search people")).toBeFocused();
  await compose("mei");
  await expect(client.page.getByRole("list", { name: "People" }).getByRole("button")).toHaveCount(1);
  await client.page.keyboard.press("Enter");
  await expect(client.dialog("New chat")).toBeVisible();
  await wire.send("Input.insertText", { text: "mei" });
  await client.page.keyboard.press("Enter");
  await expect(client.box).toBeFocused();
});

async function tabTo(client: Client, target: Locator, key = "Tab"): Promise<void> {
  for (let press = 0; press < 40; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await client.page.keyboard.press(key);
  }
  await expect(target).toBeFocused({ timeout: 1 });
}
