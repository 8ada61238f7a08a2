import type { Page } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("signing out leaves nothing of the person on the device", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const desk = await device();
  const ann = await desk.open(server.url);
  await ann.signUp("annalena");
  await ann.startChat("bob");
  await ann.send("between us");
  await expect(ann.message("between us", "Sent")).toBeVisible();
  await ann.isInstalled();
  const id = await myId(ann.page);
  await expect.poll(() => databases(ann.page)).toContain(`nc-${id}`);

  await ann.signOut();
  await expect.poll(() => leftovers(ann.page, [id, bob.id, "annalena", "between us"])).toEqual([]);
  await expect.poll(() => desk.context.cookies()).toEqual([]);
  await ann.page.reload();
  await expect(ann.button("Sign in")).toBeVisible();
});

test("signing out without a network leaves nothing either, and lasts", async ({ device }) => {
  const joe = await Person.signUp(server.nexus, "joe");
  const desk = await device();
  const eve = await desk.open(server.url);
  await eve.signUp("eve");
  await eve.startChat("joe");
  await eve.isInstalled();
  const id = await myId(eve.page);
  desk.expectNetworkErrors();
  await desk.context.setOffline(true);
  await eve.send("never sent");
  await expect(eve.message("never sent", "Waiting")).toBeVisible();

  await eve.signOut();
  await expect.poll(() => leftovers(eve.page, [id, joe.id, "never sent"])).toEqual([]);
  await eve.page.reload();
  await expect(eve.button("Sign in")).toBeVisible();
  await desk.context.setOffline(false);
  await eve.page.reload();
  await expect(eve.button("Sign in")).toBeVisible();
  await expect.poll(() => desk.context.cookies()).toEqual([]);
  expect((await joe.get("/chats")).body.chats[0].lastSeq, "what waited was dropped").toBe(0);
});

test("a device is signed out from another one, and keeps nothing", async ({ device }) => {
  const kim = await Person.signUp(server.nexus, "kim");
  const desk = await (await device()).open(server.url);
  await desk.signUp("max");
  const lost = await device(PHONE);
  // It asks with a session that is no good any more.
  lost.expectConsole(/401/);
  lost.expectNetworkErrors();
  const phone = await lost.open(server.url);
  await phone.signIn("max");
  await phone.startChat("kim");
  await phone.send("between the two of us");
  await expect(phone.message("between the two of us", "Sent")).toBeVisible();
  const id = await myId(phone.page);
  await expect.poll(() => databases(phone.page)).toContain(`nc-${id}`);

  await desk.page.goto(`${server.url}/settings/devices`);
  await expect(desk.page.getByText("This device", { exact: true })).toBeVisible();
  await desk.page.getByRole("main").getByRole("listitem").getByRole("button", { name: "Sign out" }).click();
  await desk.page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await expect(phone.page.getByText("This device was signed out from another one.")).toBeVisible();
  await expect(phone.button("Sign in")).toBeVisible();
  await expect.poll(() => leftovers(phone.page, [id, kim.id, "between the two of us"])).toEqual([]);
  await phone.page.reload();
  await expect(phone.button("Sign in")).toBeVisible();
  await expect(desk.page.getByRole("main").getByRole("listitem")).toHaveCount(1);
});

test("who was signed out while offline is told what was never sent", async ({ device }) => {
  await Person.signUp(server.nexus, "zoe");
  const away = await device(PHONE);
  away.expectConsole(/401/);
  away.expectNetworkErrors();
  const phone = await away.open(server.url);
  await phone.signUp("ted");
  await phone.startChat("zoe");
  await phone.isInstalled();
  await away.context.setOffline(true);
  await phone.send("from the tunnel");
  await expect(phone.message("from the tunnel", "Waiting")).toBeVisible();
  const ted = await new Person(server.nexus, "ted").logIn();
  await ted.post("/auth/logout-all", {});
  await away.context.setOffline(false);
  await expect(phone.button("Sign in")).toBeVisible();
  await expect(
    phone.page.getByText("A message that had not been sent was lost when you were signed out.", {
      exact: true,
    }),
  ).toBeVisible();
  await expect.poll(() => leftovers(phone.page, ["from the tunnel"])).toEqual([]);
});

async function myId(page: Page): Promise<string> {
  const me = await page.evaluate(async () => (await fetch("/api/v1/users/me")).json());
  return me.user.id;
}

async function databases(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ""));
}

/** What the browser still keeps that holds one of the secrets, by where it is. */
async function leftovers(page: Page, secrets: string[]): Promise<string[]> {
  return page.evaluate(async (secrets) => {
    const found: string[] = [];
    const look = (where: string, text: string) => {
      if (secrets.some((secret) => text.includes(secret))) found.push(`${where}: ${text}`);
    };
    for (const { name = "" } of await indexedDB.databases()) {
      if (name.startsWith("nc-")) found.push(`database ${name}`);
    }
    for (const shelf of [localStorage, sessionStorage]) {
      for (const [key, value] of Object.entries(shelf)) look("storage", `${key} ${value}`);
    }
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) {
        look("cache", request.url);
        if (new URL(request.url).pathname.startsWith("/api/")) found.push(`cache ${request.url}`);
      }
    }
    look("cookie", document.cookie);
    return found;
  }, secrets);
}
