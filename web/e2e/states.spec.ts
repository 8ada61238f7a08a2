import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { onDisk } from "./support/disk";
import { longTalk, sendAll } from "./support/seed";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("an address that leads to no chat says so, and where to go", async ({ device }) => {
  const phone = await device(PHONE);
  phone.expectConsole(/status of 404/);
  const ann = await phone.open(server.url);
  await ann.signUp("ann");
  await ann.page.goto(`${server.url}/chat/${randomUUID()}`);
  await expect(ann.page.getByText("There is no such chat", { exact: true })).toBeVisible();
  await ann.button("To the chats").click();
  await expect(ann.button("New chat")).toBeVisible();
});

test("who is taken out of a group while they read it is told so", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const desk = await device(DESKTOP);
  // What is asked for while they are taken out.
  desk.expectConsole(/the server responded with a status of 404/);
  const eve = await desk.open(server.url);
  await eve.signUp("eve");
  const me = await new Person(server.nexus, "eve").logIn();
  const group = await bob.group("Crew", me);
  await eve.openChat("Crew");
  await expect(eve.messages).toContainText("BOB created");
  await bob.delete(`/chats/${group.id}/members/${me.id}`);
  await expect(eve.page.getByText("You are no longer in this chat", { exact: true })).toBeVisible();
  await expect(eve.page.getByText("Somebody removed you.")).toBeVisible();
  await expect(eve.box).toHaveCount(0);
  await expect(eve.chat("Crew")).toHaveCount(0);
});

test("who asks too much sees the seconds go by, and asks again after them", async ({ device }) => {
  const phone = await device(PHONE);
  phone.expectConsole(/status of 429/);
  const kim = await phone.open(server.url);
  await kim.signUp("kim");
  let isTooMuch = true;
  await phone.context.route("**/api/v1/search/messages*", (route) =>
    isTooMuch
      ? route.fulfill({
          status: 429,
          contentType: "application/problem+json",
          headers: { "Retry-After": "9" },
          body: JSON.stringify({ code: "rate_limited", title: "too many", status: 429 }),
        })
      : route.fallback(),
  );
  await kim.page.goto(`${server.url}/search?q=kite`);
  const again = kim.page.getByRole("button", { name: /^Try again in \d s$/ });
  await expect(again).toBeDisabled();
  isTooMuch = false;
  await kim.button("Try again").click();
  await expect(kim.page.getByText("Nothing found", { exact: true })).toBeVisible();
});

test("what cannot be loaded yet says so, and comes by itself", async ({ device }) => {
  const ida = await Person.signUp(server.nexus, "ida");
  const max = await Person.signUp(server.nexus, "max");
  await max.group("Tents", ida);
  const phone = await device(PHONE);
  phone.expectNetworkErrors();
  const client = await phone.open(server.url);
  await client.isInstalled();
  await client.page.route("**/auth/login", async (route) => {
    const response = await route.fetch();
    await phone.context.setOffline(true);
    await route.fulfill({ response });
  });
  await client.signIn("max");
  await expect(client.page.getByText("Your chats can’t be loaded yet", { exact: true })).toBeVisible();
  await client.page.getByRole("navigation").getByRole("button", { name: "More", exact: true }).click();
  await client.item("Contacts").click();
  await expect(client.page.getByText("Your contacts can’t be loaded yet", { exact: true })).toBeVisible();
  await client.button("Back").click();
  await phone.context.setOffline(false);
  await expect(client.chat("Tents")).toBeVisible();
  await expect(client.page.getByText("Your chats can’t be loaded yet")).toHaveCount(0);
});

test("what has waited for more than a day says so, and goes out when it is wished again", async ({
  device,
}) => {
  await Person.signUp(server.nexus, "leo");
  const phone = await device(PHONE);
  const mia = await phone.open(server.url);
  await mia.signUp("mia");
  await mia.startChat("leo");
  await mia.isInstalled();
  phone.expectNetworkErrors();
  await phone.context.setOffline(true);
  await expect(mia.status.filter({ hasText: "Offline" })).toBeVisible();
  await mia.send("written in the tunnel");
  await expect(mia.message("written in the tunnel", "Waiting")).toBeVisible();
  await expect.poll(() => onDisk(mia.page, "outbox")).toContain("written in the tunnel");
  await age(mia.page, 25 * 60 * 60 * 1_000);

  await mia.page.reload();
  const old = mia.message("written in the tunnel", "Failed");
  await expect(old).toContainText("It waited too long and was given up.");
  await phone.context.setOffline(false);
  await old.getByRole("button", { name: "Retry" }).click();
  await expect(mia.message("written in the tunnel", "Sent")).toBeVisible();
});

test("a cold start without a network shows the last messages also of chats that were never opened", async ({
  device,
}) => {
  const sam = await Person.signUp(server.nexus, "sam");
  const liv = await Person.signUp(server.nexus, "liv");
  const line = await sam.connect();
  const titles = ["Red", "Green", "Blue"];
  for (const title of titles) await sendAll(sam, line, await sam.group(title, liv), longTalk(70));

  const phone = await device(PHONE);
  const client = await phone.open(server.url);
  await client.signIn("liv");
  await client.openChat("Red");
  await client.isInstalled();
  await expect.poll(async () => JSON.parse(await onDisk(client.page, "messages")).length).toBe(3 * 71);
  await client.page.close();

  phone.expectNetworkErrors();
  await phone.context.setOffline(true);
  const again = await phone.open(server.url);
  for (const title of titles) {
    await expect(again.chat(title)).toContainText(/SAM:\s*70 /);
    await again.openChat(title);
    // Where there is unread, opening leads to its beginning as far as it is here.
    const loaded = () => again.rows.evaluateAll((rows) => rows.map((row) => Number(row.ariaPosInSet)));
    await expect.poll(async () => (await loaded()).length).toBeGreaterThan(3);
    await expect(again.box).toBeEditable();
    await again.page.getByRole("link", { name: "Back" }).click();
  }
  line.close();
});

/** As if all that waits had been written so much earlier. */
async function age(page: Page, ms: number): Promise<void> {
  await page.evaluate(async (ms) => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    const name = names.find((it) => it.startsWith("nc-")) ?? "";
    await new Promise<void>((resolve, reject) => {
      const opened = indexedDB.open(name);
      opened.onerror = () => reject(opened.error);
      opened.onsuccess = () => {
        const change = opened.result.transaction("outbox", "readwrite");
        const outbox = change.objectStore("outbox");
        const all = outbox.getAll();
        all.onsuccess = () => {
          for (const row of all.result) outbox.put({ ...row, waitingSince: row.waitingSince - ms });
        };
        change.oncomplete = () => {
          opened.result.close();
          resolve();
        };
      };
    });
  }, ms);
}
