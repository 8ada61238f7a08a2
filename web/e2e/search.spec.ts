import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { onDisk } from "./support/disk";
import { longTalk, sendAll } from "./support/seed";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("without a network search finds what is on the device, and the rest once the server answers", async ({
  device,
}) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const line = await bob.connect();
  const phone = await device(PHONE);
  const ann = await phone.open(server.url);
  await ann.signUp("ann");
  await ann.startChat("bob");
  const [chat] = (await bob.get("/chats")).body.chats;
  await sendAll(bob, line, chat, ["a lantern for the boat", "bread", "Lanterns are lit"]);
  await expect(ann.message("Lanterns are lit")).toBeVisible();
  await ann.isInstalled();
  await expect.poll(() => onDisk(ann.page, "messages")).toContain("Lanterns are lit");
  await ann.page.goto(`${server.url}/search`);
  const { box, hits, onDevice } = parts(ann);

  phone.expectNetworkErrors();
  await phone.context.setOffline(true);
  await box.fill("lanter");
  await expect(hits).toHaveCount(2);
  await expect(hits.first()).toContainText("Lanterns are lit");
  await expect(hits.first().locator("mark")).toHaveText("Lanter");
  await expect(onDevice).toBeVisible();
  await expect(ann.page.getByText("Offline. Only what is on this device was searched.")).toBeVisible();
  await box.fill("nowhere");
  await expect(ann.page.getByText("Nothing found on this device", { exact: true })).toBeVisible();

  await sendAll(bob, line, chat, ["one more lantern"]);
  await box.fill("lanter");
  await expect(hits).toHaveCount(2);
  await phone.context.setOffline(false);
  await expect(hits).toHaveCount(3);
  await expect(hits.first()).toContainText("one more lantern");
  await expect(onDevice).toHaveCount(0);
  await hits.last().getByRole("link").click();
  await expect(ann.message("a lantern for the boat")).toBeVisible();
  line.close();
});

test("search shows twenty at a time, and narrows down by person, chat and time, with and without the server", async ({
  device,
}) => {
  const kim = await Person.signUp(server.nexus, "kim");
  const line = await kim.connect();
  const desk = await device(DESKTOP);
  const zoe = await desk.open(server.url);
  await zoe.signUp("zoe");
  await zoe.startChat("kim");
  const [direct] = (await kim.get("/chats")).body.chats;
  const boats = await kim.group("Boats", direct.peer);
  await sendAll(
    kim,
    line,
    direct,
    Array.from({ length: 24 }, (_, at) => `kite ${at + 1}`),
  );
  await sendAll(kim, line, boats, ["a kite over the boats"]);
  await expect(zoe.message("kite 24")).toBeVisible();
  await zoe.send("my own kite");
  await expect(zoe.message("my own kite", "Sent")).toBeVisible();
  await expect(zoe.chat("Boats")).toContainText("a kite over the boats");
  await zoe.isInstalled();
  // What the server's search has not heard of yet comes beside the twenty.
  const found = async (words: string) => (await kim.get(`/search/messages?q=${words}`)).body.messages.length;
  await expect.poll(() => found("own")).toBe(1);
  await expect.poll(() => found("boats")).toBe(1);
  const { box, hits, onDevice } = parts(zoe);
  const narrow = async () => {
    await expect(hits).toHaveCount(20);
    await zoe.button("Show more").click();
    await expect(hits).toHaveCount(26);

    await zoe.button("All chats").click();
    const chats = zoe.dialog("Messages in which chat?");
    await chats.getByRole("searchbox", { name: "Chat name" }).fill("boa");
    await chats.getByRole("button", { name: "Boats" }).click();
    await expect(hits).toHaveCount(1);
    await expect(zoe.button("In Boats")).toHaveAttribute("aria-pressed", "true");
    await zoe.button("In Boats").click();

    await zoe.button("From anyone").click();
    await zoe.dialog("Messages from whom?").getByRole("button", { name: "You" }).click();
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText("my own kite");
    await zoe.button("From you").click();

    await zoe.button("Any time").click();
    await zoe.item("Past week").click();
    await expect(hits).toHaveCount(20);
    await zoe.button("Past week").click();
  };
  await zoe.page.keyboard.press("Control+k");
  await box.fill("kite");
  await expect(onDevice).toHaveCount(0);
  await narrow();

  desk.expectNetworkErrors();
  await desk.context.setOffline(true);
  await box.fill("kit");
  await expect(onDevice).toBeVisible();
  await narrow();
  line.close();
});

test("search in a chat works without the server, and Escape leads back to where one was", async ({
  device,
}) => {
  const leo = await Person.signUp(server.nexus, "leo");
  const line = await leo.connect();
  const desk = await device(DESKTOP);
  const mia = await desk.open(server.url);
  await mia.signUp("mia");
  await mia.startChat("leo");
  const [chat] = (await leo.get("/chats")).body.chats;
  await sendAll(leo, line, chat, ["the zeppelin", ...longTalk(200), "another zeppelin"]);
  await expect(mia.message("another zeppelin")).toBeVisible();
  // All of it is on the device once it was scrolled through.
  const scroller = mia.page.getByRole("presentation").filter({ has: mia.messages });
  await expect(async () => {
    await scroller.evaluate((element) => element.scrollTo(0, 0));
    await expect(mia.message("LEO, the zeppelin")).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(async () => {
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await expect(mia.rows.first()).toBeVisible({ timeout: 500 });
  }).toPass();

  const find = mia.page.getByRole("searchbox", { name: "Search in this chat" });
  const there = async () => {
    const top = await scroller.evaluate((element) => element.getBoundingClientRect().top);
    const rows = await mia.rows.evaluateAll((all) =>
      all.map((row) => [row.ariaPosInSet, Math.round(row.getBoundingClientRect().top)] as const),
    );
    return rows.filter(([, y]) => y > top).sort((a, b) => a[1] - b[1])[0];
  };
  const look = async (label: RegExp) => {
    const before = await there();
    await mia.page.keyboard.press("Control+f");
    await find.fill("zeppelin");
    await expect(mia.page.getByText(label)).toBeVisible();
    await expect(mia.message("another zeppelin")).toBeInViewport();
    await expect(mia.message("another zeppelin").locator("mark")).toHaveText("zeppelin");
    await find.press("Enter");
    await expect(mia.message("LEO, the zeppelin")).toBeInViewport();
    await find.press("Escape");
    await expect(find).toHaveCount(0);
    await expect(async () => {
      const now = await there();
      expect(now?.[0]).toBe(before?.[0]);
      expect(Math.abs((now?.[1] ?? 0) - (before?.[1] ?? 0))).toBeLessThanOrEqual(2);
    }).toPass();
  };
  await look(/^[12] of 2$/);
  desk.expectNetworkErrors();
  await desk.context.setOffline(true);
  await look(/^[12] of 2 on this device$/);
  line.close();
});

test("of chats and people that are found the first ones show, and all where that is wished", async ({
  device,
}) => {
  const pia = await Person.signUp(server.nexus, "pia");
  for (let at = 0; at < 7; at += 1) await pia.group(`Tandem ${at}`);
  for (let at = 0; at < 7; at += 1) await Person.signUp(server.nexus, `tandem${at}`);
  const desk = await (await device(DESKTOP)).signedIn(server.url, "pia");
  await desk.page.goto(`${server.url}/search`);
  const { box } = parts(desk);
  const side = desk.page.getByRole("navigation");
  for (const kind of ["Chats", "People"]) {
    const found = side.getByRole("list", { name: kind, exact: true }).getByRole("listitem");
    const all = desk.button(`Show all: ${kind}`);
    await box.fill("tandem");
    await expect(found).toHaveCount(5);
    await all.focus();
    await desk.page.keyboard.press("Enter");
    await expect(found).toHaveCount(7);
    await expect(all).toHaveCount(0);
    await expect(found.nth(5).locator(":focus")).toHaveCount(1);
    await box.fill("tande");
    await expect(found).toHaveCount(5);
    await box.fill("tandem 3");
  }
});

function parts({ page }: Client) {
  return {
    box: page.getByRole("searchbox", { name: "Search", exact: true }),
    hits: page
      .getByRole("navigation")
      .getByRole("list", { name: "Messages", exact: true })
      .getByRole("listitem"),
    onDevice: page.getByText("On this device", { exact: true }),
  };
}
