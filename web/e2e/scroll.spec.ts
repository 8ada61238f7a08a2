import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import {
  backwards,
  fromEnd,
  furthestMove,
  leastCovered,
  mostMounted,
  place,
  recorded,
  wheel,
} from "./support/gate";
import { longTalk, readAll, sendAll } from "./support/seed";
import { DESKTOP, expect, serve, test } from "./support/test";

const MESSAGES = 10_000;
/** Of these, so many are loaded a page at a time. */
const LOADED = 3_000;
/** What a prepended page may move a row by: rounding, no more. */
const STEADY_PX = 2;
const MOST_ROWS = 60;

const server = serve();
let ann: Person;
let annsLine: Awaited<ReturnType<Person["connect"]>>;
let chat: { id: string };

test.beforeAll(async () => {
  test.setTimeout(300_000);
  ann = await Person.signUp(server.nexus, "ann");
  const bob = await Person.signUp(server.nexus, "bob");
  chat = await ann.direct(bob);
  annsLine = await ann.connect();
  await sendAll(ann, annsLine, chat, longTalk(MESSAGES));
  const line = await bob.connect();
  await readAll(bob, line, chat);
  const other = await ann.group("Elsewhere", bob);
  await sendAll(ann, annsLine, other, ["over here"]);
  line.close();
});

test.describe.configure({ mode: "serial" });

/** Bob, who reads it all, at the end of the chat. The pages are asked for over the wire: no worker. */
async function reader(device: (options: object) => Promise<{ open: (url: string) => Promise<Client> }>) {
  const bob = await (await device({ ...DESKTOP, serviceWorkers: "block" })).open(server.url);
  await bob.signIn("bob");
  await bob.openChat("ANN");
  await expect(bob.message(`ANN, ${MESSAGES} `)).toBeInViewport();
  return bob;
}

test("older messages come in without moving a row, each page once", async ({ device }) => {
  const bob = await reader(device);
  const asked: string[] = [];
  let release = () => {};
  const isHeld = new Promise<void>((resolve) => {
    release = resolve;
  });
  await bob.page.route(/\/messages\?.*before=/, async (route) => {
    asked.push(route.request().url());
    if (asked.length === 2) await isHeld;
    await route.continue();
  });
  await wheel(bob.page, -300, 4);
  await expect(async () => {
    await wheel(bob.page, -300, 1);
    expect(asked.length).toBeGreaterThan(1);
  }).toPass();
  const height = await heightOf(bob);

  const frames = await recorded(bob.page, async () => {
    release();
    await expect.poll(() => heightOf(bob)).toBeGreaterThan(height);
  });
  expect(furthestMove(frames)).toBeLessThanOrEqual(STEADY_PX);

  const scrolled = await recorded(bob.page, () => wheel(bob.page, -300, 60));
  expect(backwards(scrolled), "rows that moved against the wheel").toEqual([]);
  expect(mostMounted(scrolled)).toBeLessThanOrEqual(MOST_ROWS);
  expect(asked.length).toBeGreaterThan(2);
  expect(new Set(asked).size, "no page was asked for twice").toBe(asked.length);
});

test("new messages move nothing under a reader who is further up", async ({ device }) => {
  const bob = await reader(device);
  await wheel(bob.page, -300, 6);
  const frames = await recorded(bob.page, async () => {
    await sendAll(ann, annsLine, chat, ["news", "more news"]);
    await expect(bob.button("Jump to latest")).toHaveAccessibleDescription("2 unread");
  });
  expect(furthestMove(frames)).toBeLessThanOrEqual(STEADY_PX);

  const jump = await recorded(bob.page, async () => {
    await bob.button("Jump to latest").click();
    await expect(bob.message("ANN, more news")).toBeInViewport();
  });
  expect(leastCovered(jump), "never blank").toBeGreaterThan(0.5);
  await expect.poll(() => fromEnd(bob.page)).toBeLessThanOrEqual(1);
  await expect(bob.button("Jump to latest")).toHaveCount(0);
});

test("at the end it stays at the end, whatever grows", async ({ device }) => {
  const bob = await reader(device);
  const isAtEnd = () => expect.poll(() => fromEnd(bob.page)).toBeLessThanOrEqual(1);
  await isAtEnd();
  await sendAll(ann, annsLine, chat, ["a line\nand another\nand a third"]);
  await expect(bob.message("a line")).toBeInViewport();
  await isAtEnd();
  await ann.put(`/messages/${(await last()).id}/reactions/👍`, {});
  await expect(bob.message("a line").getByRole("button", { name: "👍 1: ANN" })).toBeInViewport();
  await isAtEnd();
  await bob.box.fill("one\ntwo\nthree\nfour\nfive\nsix");
  await isAtEnd();
  await expect(bob.message("a line")).toBeInViewport({ ratio: 1 });
  await bob.box.fill("");
  await isAtEnd();
});

test("a chat opens again where it was left", async ({ device }) => {
  const bob = await reader(device);
  await wheel(bob.page, -300, 15);
  const before = await place(bob.page);
  await bob.openChat("Elsewhere");
  await expect(bob.message("over here")).toBeVisible();
  await bob.openChat("ANN");
  const row = bob.page.locator(`li[data-key="${before.key}"]`);
  await expect(row).toBeInViewport();
  await expect.poll(async () => Math.abs((await place(bob.page)).top - before.top)).toBeLessThanOrEqual(8);
  expect((await place(bob.page)).key).toBe(before.key);
});

test("thousands of loaded messages are still only a few rows", async ({ device }) => {
  const bob = await reader(device);
  await bob.messages.evaluate(async (list, until) => {
    const scroller = list.parentElement;
    const first = () => Number(list.querySelector("[aria-posinset]")?.getAttribute("aria-posinset"));
    while (scroller && first() > until) {
      scroller.scrollTop = 0;
      await new Promise(requestAnimationFrame);
    }
  }, MESSAGES - LOADED);
  const frames = await recorded(bob.page, () => wheel(bob.page, 1_500, 40));
  expect(mostMounted(frames)).toBeLessThanOrEqual(MOST_ROWS);
  expect(leastCovered(frames), "never blank").toBeGreaterThan(0.5);
  await bob.button("Jump to latest").click();
  await expect.poll(() => fromEnd(bob.page)).toBeLessThanOrEqual(1);
  await bob.box.pressSequentially("still quick");
  await expect(bob.box).toHaveValue("still quick");
});

function heightOf(client: Client): Promise<number> {
  return client.messages.evaluate((list) => list.parentElement?.scrollHeight ?? 0);
}

async function last(): Promise<{ id: string }> {
  const { body } = await ann.get(`/chats/${chat.id}/messages?limit=1`);
  return body.messages.at(-1);
}
