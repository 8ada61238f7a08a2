import { Person } from "../../e2e/support/person.js";
import { longTalk, readAll, sendAll } from "./support/seed";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();
const said = (content: string) => ({ clientId: crypto.randomUUID(), type: "text", content });

test("a phone without a back key gets out of what cannot be shown, which shows once it can", async ({
  device,
}) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const phone = await device(PHONE);
  phone.expectNetworkErrors();
  const ann = await phone.open(server.url);
  await ann.signUp("ann");
  await ann.isInstalled();
  await phone.context.setOffline(true);
  const chat = await bob.direct(await new Person(server.nexus, "ann").logIn());
  await bob.post(`/chats/${chat.id}/messages`, said("hello"));

  await ann.page.goto(`${server.url}/chat/${chat.id}`);
  await expect(ann.button("Try again")).toBeVisible();
  await ann.button("Back").click();
  await expect(ann.button("New chat")).toBeVisible();
  await ann.page.goto(`${server.url}/chat/${chat.id}`);
  await expect(ann.button("Try again")).toBeVisible();
  await phone.context.setOffline(false);
  await expect(ann.message("BOB, hello")).toBeVisible();

  const group = await bob.group("Rowers");
  const { code } = (await bob.post(`/chats/${group.id}/invites`)).body.invite;
  await phone.context.setOffline(true);
  await ann.page.goto(`${server.url}/join/${code}`);
  await expect(ann.button("Try again")).toBeVisible();
  await phone.context.setOffline(false);
  await expect(ann.button("Join")).toBeVisible();
  await ann.button("Back").click();
  await expect(ann.button("New chat")).toBeVisible();
});

test("a list that is left leaves nothing behind in the history, and the chat beside it open", async ({
  device,
}) => {
  const eve = await Person.signUp(server.nexus, "eve");
  const joe = await Person.signUp(server.nexus, "joe");
  const dan = await (await device(DESKTOP)).open(server.url);
  await dan.signUp("dan");
  const me = await new Person(server.nexus, "dan").logIn();
  const chat = await eve.direct(me);
  await eve.post(`/chats/${chat.id}/messages`, said("hello"));
  await joe.post(`/chats/${(await joe.direct(me)).id}/messages`, said("good night"));
  const away = (await me.get("/chats")).body.chats.find((one: { id: string }) => one.id !== chat.id);
  await me.patch(`/chats/${away.id}/me`, { archived: true });
  await dan.openChat("EVE");
  const isBack = async () => {
    await expect(dan.page).toHaveURL(`${server.url}/chat/${chat.id}`);
    await expect(dan.chats).toBeVisible();
    await expect(dan.message("EVE, hello")).toBeVisible();
  };

  await test.step("by its button", async () => {
    await dan.page.keyboard.press("Control+k");
    await dan.page.getByRole("searchbox").press("Tab");
    await dan.button("Back").click();
    await isBack();
    await dan.page.getByRole("link", { name: /^Archived/ }).click();
    await dan.button("Back").click();
    await isBack();
    await dan.page.getByRole("link", { name: "Settings" }).click();
    await dan.page.getByRole("link", { name: "Notifications" }).click();
    await dan.button("Back").click();
    await isBack();
  });
  await test.step("by Escape", async () => {
    await dan.page.getByRole("link", { name: /^Archived/ }).click();
    await expect(dan.page).toHaveURL(/archived$/);
    await dan.page.keyboard.press("Escape");
    await isBack();
    await dan.page.getByRole("navigation").getByRole("button", { name: "More", exact: true }).click();
    await dan.item("Contacts").click();
    await expect(dan.page).toHaveURL(/contacts$/);
    await dan.page.keyboard.press("Escape");
    await isBack();
  });
  await dan.page.goBack();
  await expect(dan.page).toHaveURL(`${server.url}/`);
});

for (const [size, count] of [
  ["a long list", 120],
  ["a list", 40],
] as const) {
  test(`${size} stands where it was left, narrowed down as it was, until one signs out`, async ({
    device,
  }) => {
    const name = `ivo${count}`;
    const me = await Person.signUp(server.nexus, name);
    for (let at = 0; at < count; at += 1) await me.group(`Group ${at}`);
    const ivo = await (await device(DESKTOP)).signedIn(server.url, name);
    const { chats, page } = ivo;
    const scroller = chats.locator("..");
    const filter = page.getByRole("searchbox", { name: "Search", exact: true });
    const top = () => scroller.evaluate((element) => element.scrollTop);
    const leaves = [
      () => page.getByRole("link", { name: "Settings" }).click(),
      () => page.keyboard.press("Control+k"),
      async () => {
        await page.getByRole("navigation").getByRole("button", { name: "More", exact: true }).click();
        await ivo.item("Archived").click();
      },
    ];

    await expect(chats.getByRole("listitem").first()).toHaveAttribute("aria-setsize", String(count));
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await expect.poll(top).toBeGreaterThan(1_000);
    const before = await top();
    const inSight = count / 2 - 3;
    await expect(ivo.chat(`Group ${inSight}`)).toBeInViewport();
    for (const leave of leaves) {
      await leave();
      await expect(chats).toHaveCount(0);
      await ivo.button("Back").click();
      await expect.poll(top).toBe(before);
      await expect(ivo.chat(`Group ${inSight}`)).toBeInViewport();
    }

    await filter.fill(`Group ${count - 1}`);
    await expect.poll(top).toBe(0);
    await filter.fill("");
    await expect(chats.getByRole("listitem").first()).toHaveAttribute("aria-setsize", String(count));
    await expect(ivo.chat(`Group ${count - 1}`)).toBeInViewport();
    await filter.fill("Group 3");
    await page.getByRole("link", { name: "Settings" }).click();
    await ivo.button("Back").click();
    await expect(filter).toHaveValue("Group 3");
    await expect(ivo.chat("Group 4")).toHaveCount(0);

    await page.getByRole("link", { name: "Settings" }).click();
    await ivo.button("Sign out").click();
    await ivo.dialog("Sign out of this device?").getByRole("button", { name: "Sign out" }).click();
    await ivo.signIn(name);
    await expect(filter).toHaveValue("");
    await expect.poll(top).toBe(0);
  });
}

test("going back closes what is open over a chat before the chat", async ({ device }) => {
  const browser = await device(PHONE);
  await browser.context.addInitScript(() => {
    const page = globalThis as unknown as {
      CloseWatcher: new () => { requestClose(): void };
      goBack: () => void;
    };
    const watchers: { requestClose(): void }[] = [];
    page.CloseWatcher = new Proxy(page.CloseWatcher, {
      construct(Watcher) {
        const watcher = new Watcher();
        watchers.push(watcher);
        return watcher;
      },
    });
    // As the key of a phone does.
    page.goBack = () => watchers.at(-1)?.requestClose();
  });
  const goBack = () => kim.page.evaluate(() => (globalThis as unknown as { goBack: () => void }).goBack());
  const kim = await browser.open(server.url);
  await kim.signUp("kim");
  const lee = await Person.signUp(server.nexus, "lee");
  const chat = await lee.direct(await new Person(server.nexus, "kim").logIn());
  await lee.post(`/chats/${chat.id}/messages`, said("hello"));
  await kim.openChat("LEE");

  await kim.button("Emoji").click();
  await expect(kim.dialog("Emoji")).toBeVisible();
  await goBack();
  await expect(kim.dialog("Emoji")).toHaveCount(0);
  await kim.button("Emoji").click();
  await expect(kim.dialog("Emoji")).toBeVisible();
  await kim.box.press("Escape");
  await expect(kim.dialog("Emoji")).toHaveCount(0);
  await kim.page.getByRole("main").getByRole("button", { name: "More", exact: true }).click();
  await expect(kim.page.getByRole("menu")).toBeVisible();
  await goBack();
  await expect(kim.page.getByRole("menu")).toHaveCount(0);
  await kim.button("Search in this chat").click();
  const find = kim.page.getByRole("searchbox", { name: "Search in this chat" });
  await expect(find).toBeVisible();
  await goBack();
  await expect(find).toHaveCount(0);
  await expect(kim.box).toBeVisible();
});

test("a message that was found is gone to once, not each time one comes back to its chat", async ({
  device,
}) => {
  const bob = await Person.signUp(server.nexus, "rob");
  const phone = await (await device(PHONE)).open(server.url);
  await phone.signUp("zoe");
  const zoe = await new Person(server.nexus, "zoe").logIn();
  const chat = await bob.direct(zoe);
  const lines = [await bob.connect(), await zoe.connect()] as const;
  await sendAll(bob, lines[0], chat, longTalk(120));
  await readAll(zoe, lines[1], chat);
  for (const line of lines) line.close();

  await phone.page.goto(`${server.url}/chat/${chat.id}?at=7`);
  await expect(phone.message("ROB, 7 ")).toBeInViewport();
  await expect(phone.page).toHaveURL(`${server.url}/chat/${chat.id}`);
  await phone.button("Jump to latest").click();
  await expect(phone.message("ROB, 120 ")).toBeInViewport();
  await phone.header.click();
  await expect(phone.messages).toHaveCount(0);
  await phone.page.goBack();
  await expect(phone.message("ROB, 120 ")).toBeInViewport();
  await phone.page.reload();
  await expect(phone.message("ROB, 120 ")).toBeInViewport();
});
