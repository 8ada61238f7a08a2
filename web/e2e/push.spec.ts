import type { Page } from "@playwright/test";
import { sleep } from "../../e2e/support/nexus.js";
import { Person } from "../../e2e/support/person.js";
import {
  allowNotifications,
  badgeOf,
  brought,
  clicked,
  pushService,
  putAway,
  shown,
  watchBadge,
} from "./support/push";
import { sendAll } from "./support/seed";
import { leave } from "./support/tabs";
import { expect, serve, test } from "./support/test";

const server = serve();

test("a push shows what came, unless its reader has the chat in sight, and a click leads there", async ({
  device,
}) => {
  await Person.signUp(server.nexus, "bob");
  await Person.signUp(server.nexus, "eve");
  const desk = await device();
  await allowNotifications(desk.context, server.url);
  const ann = await desk.open(server.url);
  await ann.signUp("ann");
  await ann.startChat("bob");
  await expect(ann.header).toHaveAccessibleName(/BOB/);
  const bobs = chatIn(ann.page.url());
  await ann.startChat("eve");
  await expect(ann.header).toHaveAccessibleName(/EVE/);
  const eves = chatIn(ann.page.url());
  await ann.isInstalled();
  const elsewhere = await desk.context.newPage();
  const push = await pushService(elsewhere, server.url);

  await test.step("a later one takes the place of the one before", async () => {
    await push({ chatId: bobs, title: "BOB", body: "hello", unread: 1 });
    await expect.poll(() => shown(ann)).toEqual([{ title: "BOB", body: "hello" }]);
    await push({ chatId: bobs, title: "BOB", body: "are you there?", unread: 2 });
    await expect.poll(() => shown(ann)).toEqual([{ title: "BOB", body: "are you there?" }]);
  });

  await test.step("the chat that is open is seen anyway", async () => {
    // A page that is too busy to say in half a second where it is counts as elsewhere.
    await expect(async () => {
      await putAway(ann, ["Boats", "EVE"]);
      await push({ chatId: eves, title: "EVE", body: "you see this" });
      await push({ nonsense: true });
      await push({ chatId: "another", title: "Boats", body: "you don't" });
      const titles = async () => (await shown(ann)).map(({ title }) => title);
      await expect.poll(titles).toContain("Boats");
      await sleep(1_000);
      expect(await titles()).toEqual(["Boats", "BOB"]);
    }).toPass();
  });

  await test.step("a click brings the tab to the front, and the chat into it", async () => {
    expect(await clicked(ann, "BOB")).toEqual({ focused: 1, opened: [] });
    await expect(ann.header).toHaveAccessibleName(/BOB/);
    await expect.poll(async () => (await shown(ann)).map(({ title }) => title)).toEqual(["Boats"]);
  });

  await test.step("where no tab is open it opens one", async () => {
    await push({ chatId: eves, title: "EVE", body: "while nobody looked" });
    await expect.poll(async () => (await shown(ann)).map(({ title }) => title)).toEqual(["Boats", "EVE"]);
    await ann.page.close();
    expect(await clicked(ann, "EVE")).toEqual({ focused: 0, opened: [`/chat/${eves}`] });
    const again = await desk.open(`${server.url}/chat/${eves}`);
    await expect(again.header).toHaveAccessibleName(/EVE/);
  });

  await test.step("a tab that is still starting gets there too", async () => {
    const late = await desk.context.newPage();
    await late.addInitScript(brought, `/chat/${bobs}`);
    await late.goto(server.url);
    await expect(late).toHaveURL(`${server.url}/chat/${bobs}`);
  });
});

test("who hides what was written is told only that something was, and who is gone is told nothing", async ({
  device,
}) => {
  await Person.signUp(server.nexus, "joe");
  const desk = await device();
  await allowNotifications(desk.context, server.url);
  const mia = await desk.open(server.url);
  await mia.signUp("mia");
  await mia.isInstalled();
  const push = await pushService(mia.page, server.url);
  const news = (body: string) => push({ chatId: "c1", title: "JOE", body });

  await mia.page.goto(`${server.url}/settings/notifications`);
  await mia.page.getByRole("switch", { name: "Show what was written" }).click();
  await expect.poll(() => kept(mia.page)).toContain("New message");
  await news("the code is 0815");
  await expect.poll(() => shown(mia)).toEqual([{ title: "JOE", body: "New message" }]);

  await mia.signOut();
  await expect.poll(() => shown(mia)).toEqual([]);
  await expect.poll(() => kept(mia.page)).toBeUndefined();
  await news("for somebody else's eyes");
  await mia.signIn("mia");
  await expect.poll(() => kept(mia.page)).toContain("New message");
  await push({ chatId: "c2", title: "JOE", body: "welcome back" });
  await expect.poll(() => shown(mia)).toEqual([{ title: "JOE", body: "New message" }]);
});

test("a tab that nobody looks at tells of what comes, and the icon how much waits", async ({ device }) => {
  const [ida, max] = [await Person.signUp(server.nexus, "ida"), await Person.signUp(server.nexus, "max")];
  const desk = await device();
  await allowNotifications(desk.context, server.url);
  await watchBadge(desk.context);
  const kim = await desk.open(server.url);
  await kim.signUp("kim");
  await kim.isInstalled();
  const me = await new Person(server.nexus, "kim").logIn();
  const [idas, maxs] = [await ida.direct(me), await max.direct(me)];
  const loud = await ida.group("Loud crowd", me);
  await expect(kim.chats.getByRole("listitem")).toHaveCount(3);
  await me.patch(`/chats/${loud.id}/me`, { mutedUntil: "9999-12-31T23:59:59Z" });
  await expect(kim.chat("Loud crowd")).toContainText("muted");
  const lines = { ida: await ida.connect(), max: await max.connect() };

  await test.step("while it is looked at, it tells nothing", async () => {
    await sendAll(ida, lines.ida, idas, ["good morning"]);
    await expect(kim.chat("IDA")).toContainText("1 unread");
    await expect.poll(() => badgeOf(kim)).toBe(1);
    expect(await shown(kim)).toEqual([]);
  });

  await test.step("in the background it tells of each chat but those that are muted", async () => {
    await leave(kim);
    await sendAll(ida, lines.ida, loud, ["noise"]);
    await sendAll(ida, lines.ida, idas, ["are you up?"]);
    await sendAll(max, lines.max, maxs, ["**ferry** at nine"]);
    const all = [
      { title: "IDA", body: "are you up?" },
      { title: "MAX", body: "ferry at nine" },
    ];
    await expect.poll(() => shown(kim)).toEqual(all);
    await expect.poll(() => badgeOf(kim)).toBe(3);
    await expect(kim.page).toHaveTitle("(3) NexusChat");
  });

  await test.step("a chat that is read elsewhere waits no more, and one that is marked does", async () => {
    const line = await me.connect();
    await line.chat.call("msg:read", { chatId: idas.id, seq: 2 });
    await expect.poll(() => shown(kim)).toEqual([{ title: "MAX", body: "ferry at nine" }]);
    await expect.poll(() => badgeOf(kim)).toBe(1);
    await line.chat.call("msg:read", { chatId: maxs.id, seq: 1 });
    await expect.poll(() => shown(kim)).toEqual([]);
    await expect.poll(() => badgeOf(kim)).toBe(0);
    await me.patch(`/chats/${maxs.id}/me`, { unreadFrom: 1 });
    await expect.poll(() => badgeOf(kim)).toBe(1);
  });

  await test.step("nothing of it is left where the session ends, also while nobody has it open", async () => {
    await kim.page.goto("about:blank");
    const { sessions } = (await me.get("/auth/sessions")).body;
    const other = sessions.find((session: { current: boolean }) => !session.current);
    await me.delete(`/auth/sessions/${other.id}`);
    await kim.page.goto(server.url);
    await expect(kim.button("Sign in")).toBeVisible();
    await expect.poll(() => badgeOf(kim)).toBe(0);
  });
  for (const line of Object.values(lines)) line.close();
});

test("notifications are offered once something was written, and asked for once", async ({ device }) => {
  await Person.signUp(server.nexus, "lea");
  const desk = await device();
  await desk.context.addInitScript(() => {
    let permission: NotificationPermission = "default";
    Object.defineProperty(Notification, "permission", { get: () => permission });
    Notification.requestPermission = async () => {
      permission = "granted";
      return permission;
    };
  });
  const tom = await desk.open(server.url);
  await tom.signUp("tom");
  const offer = tom.button("Allow notifications");
  await tom.startChat("lea");
  await tom.box.fill("half a thought");
  await expect(offer).toHaveCount(0);
  await tom.button("Send").click();
  await expect(tom.message("half a thought", "Sent")).toBeVisible();
  await offer.click();
  await expect(offer).toHaveCount(0);
  await tom.send("another");
  await expect(tom.message("another", "Sent")).toBeVisible();
  await expect(offer).toHaveCount(0);
});

/** What the worker finds of what was chosen here. */
function kept(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => (await caches.match("/choices"))?.text());
}

function chatIn(url: string): string {
  return new URL(url).pathname.split("/")[2] ?? "";
}
