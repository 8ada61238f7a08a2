import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { sendAll } from "./support/seed";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("what one does with a chat from its menu shows on all of one's devices", async ({ device }) => {
  const [bob, eve] = [await Person.signUp(server.nexus, "bob"), await Person.signUp(server.nexus, "eve")];
  const desk = await (await device(DESKTOP)).open(server.url);
  await desk.signUp("ann");
  const phone = await (await device(PHONE)).open(server.url);
  await phone.signIn("ann");
  const me = await new Person(server.nexus, "ann").logIn();
  const lines = { bob: await bob.connect(), eve: await eve.connect() };
  const chat = await bob.direct(me);
  await sendAll(bob, lines.bob, chat, ["hello Ann"]);
  await sendAll(eve, lines.eve, await eve.direct(me), ["later"]);
  await expect.poll(() => names(desk)).toEqual(["EVE", "BOB"]);
  await expect.poll(() => names(phone)).toEqual(["EVE", "BOB"]);

  await test.step("pinned chats come first", async () => {
    await choose(desk, "Pin to the top");
    await expect.poll(() => names(desk)).toEqual(["BOB", "EVE"]);
    await expect.poll(() => names(phone)).toEqual(["BOB", "EVE"]);
    await choose(desk, "Unpin");
    await expect.poll(() => names(phone)).toEqual(["EVE", "BOB"]);
  });

  await test.step("a chat is read, or marked to come back to", async () => {
    await expect(phone.chat("BOB")).toContainText("1 unread");
    await choose(desk, "Mark as read");
    await expect(phone.chat("BOB")).not.toContainText("unread");
    await choose(desk, "Mark as unread");
    await expect(desk.chat("BOB")).toContainText("unread");
    await expect(phone.chat("BOB")).toContainText("unread");
    await phone.openChat("BOB");
    await expect(phone.message("BOB, hello Ann")).toBeVisible();
    await expect(desk.chat("BOB")).not.toContainText("unread");
    await phone.button("More").click();
    await phone.item("Mark as unread").click();
    await expect(phone.button("New chat")).toBeVisible();
    await expect(phone.chat("BOB")).toContainText("unread");
    await choose(desk, "Mark as read");
  });

  for (const [action, hours] of [
    ["Mute for 1 hour", 1],
    ["Mute for 8 hours", 8],
    ["Mute always", 24 * 365],
  ] as const) {
    await test.step(action, async () => {
      await choose(desk, action);
      await expect(phone.chat("BOB")).toContainText("muted");
      const until = Date.parse((await me.get(`/chats/${chat.id}`)).body.chat.me.mutedUntil) - Date.now();
      expect(until).toBeGreaterThan((hours - 0.5) * 60 * 60_000);
      if (hours < 24) expect(until).toBeLessThan((hours + 0.5) * 60 * 60_000);
      await choose(desk, "Unmute");
      await expect(phone.chat("BOB")).not.toContainText("muted");
    });
  }

  await test.step("an archived chat is out of the way, until it is moved back", async () => {
    await choose(desk, "Archive");
    await desk.page.getByRole("group", { name: "Archived" }).getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => names(desk)).toEqual(["EVE", "BOB"]);
    await choose(desk, "Archive");
    await expect.poll(() => names(desk)).toEqual(["EVE"]);
    await expect.poll(() => names(phone)).toEqual(["EVE"]);
    await phone.page.getByRole("link", { name: /^Archived/ }).click();
    const archived = phone.page
      .getByRole("list", { name: "Archived" })
      .getByRole("listitem", { name: "BOB" });
    await expect(archived).toBeVisible();
    await phone.button("Back").click();
    await desk.page.getByRole("link", { name: /^Archived/ }).click();
    await desk.page.getByRole("list", { name: "Archived" }).getByRole("link").click({ button: "right" });
    await desk.item("Move out of the archive").click();
    const back = desk.page.getByRole("group", { name: "Moved back to your chats" });
    await back.getByRole("button", { name: "Undo" }).click();
    await expect(desk.page.getByRole("list", { name: "Archived" })).toContainText("BOB");
    await desk.page.getByRole("list", { name: "Archived" }).getByRole("link").click({ button: "right" });
    await desk.item("Move out of the archive").click();
    await expect.poll(() => names(phone)).toEqual(["EVE", "BOB"]);
  });
  for (const line of Object.values(lines)) line.close();
});

async function choose(client: Client, action: string): Promise<void> {
  await client.chat("BOB").getByRole("link").click({ button: "right" });
  await client.item(action).click();
  // Nothing moves under a pointer that rests on a row.
  await client.page.mouse.move(640, 700);
}

function names({ chats }: Client): Promise<(string | null)[]> {
  return chats.locator("> li").evaluateAll((rows) => rows.map((row) => row.ariaLabel));
}
