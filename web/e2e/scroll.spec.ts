import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import {
  backwards,
  blank,
  frameTimes,
  fromEnd,
  furthestMove,
  leastCovered,
  loadBack,
  mostMounted,
  place,
  recorded,
  wheel,
} from "./support/gate";
import { mixedTalk, overDays, readAll, type Speaker, sayAll, sendAll } from "./support/seed";
import { DESKTOP, expect, serve, test } from "./support/test";

const MESSAGES = 10_000;
/** Of the message that the newest of them answers. */
const QUOTED = 101;
/** Of a slow phone. */
const CPU_SLOWER = 4;
/** What a prepended page may move a row by: rounding, no more. */
const STEADY_PX = 2;
const MOST_ROWS = 60;

const server = serve();
let ann: Speaker;
let bob: Speaker;
let chat: { id: string };

test.beforeAll(async () => {
  ann = await speaker("ann");
  bob = await speaker("bob");
  chat = await ann.person.direct(bob.person);
  const talk = mixedTalk(MESSAGES);
  talk.splice(-1, 1, { by: 0, content: `${MESSAGES} indeed`, answers: QUOTED - 1 });
  const begun = performance.now();
  await sayAll([ann, bob], chat, talk);
  tell(`${MESSAGES} messages were said`, begun);
  await readAll(bob.person, bob.line, chat);
  const other = await ann.person.group("Elsewhere", bob.person);
  await sendAll(ann.person, ann.line, other, ["over here"]);
  bob.line.close();
});

test.describe.configure({ mode: "serial" });

/** Bob, in the chat, which is old up to a message. The pages are asked for over the wire: no worker. */
async function inChat(
  device: (options: object) => Promise<{ open: (url: string) => Promise<Client> }>,
  old = MESSAGES,
) {
  const client = await (await device({ ...DESKTOP, serviceWorkers: "block" })).open(server.url);
  await overDays(client.page, chat, old);
  await client.signIn("bob");
  await client.openChat("ANN");
  return client;
}

/** Bob, who has read it all, at the end of the chat. */
async function reader(device: Parameters<typeof inChat>[0]) {
  const client = await inChat(device);
  await expect(client.message(`ANN, ${MESSAGES} `)).toBeInViewport();
  return client;
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
    await route.fallback();
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

test("a quote leads to a message that is not loaded, and the way back is never blank", async ({ device }) => {
  const bob = await reader(device);
  const there = await recorded(bob.page, async () => {
    await bob
      .message(`ANN, ${MESSAGES} `)
      .getByRole("button", { name: new RegExp(` ${QUOTED} `) })
      .click();
    await expect(bob.message(`, ${QUOTED} `)).toBeInViewport({ ratio: 1 });
  });
  expect(blank(there), "blank frames on the way there").toBe(0);
  expect(await partDown(bob, bob.message(`, ${QUOTED} `))).toBeCloseTo(1 / 3, 1);
  const back = await recorded(bob.page, async () => {
    await bob.button("Jump to latest").click();
    await expect(bob.message(`ANN, ${MESSAGES} `)).toBeInViewport();
  });
  expect(leastCovered(back), "never blank").toBeGreaterThan(0.5);
  await expect.poll(() => fromEnd(bob.page)).toBeLessThanOrEqual(1);
});

test("new messages move nothing under a reader who is further up", async ({ device }) => {
  const bob = await reader(device);
  await wheel(bob.page, -300, 6);
  const frames = await recorded(bob.page, async () => {
    await sendAll(ann.person, ann.line, chat, ["news", "more news"]);
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
  await sendAll(ann.person, ann.line, chat, ["a line\nand another\nand a third"]);
  await expect(bob.message("a line")).toBeInViewport();
  await isAtEnd();
  const frames = await recorded(bob.page, async () => {
    await ann.line.typing.call("typing:start", { chatId: chat.id });
    await expect(bob.header).toContainText("typing");
  });
  expect(furthestMove(frames)).toBeLessThanOrEqual(STEADY_PX);
  await isAtEnd();
  await ann.person.put(`/messages/${(await last()).id}/reactions/👍`, {});
  await expect(bob.message("a line").getByRole("button", { name: "👍 1: ANN" })).toBeInViewport();
  await isAtEnd();
  await bob.box.fill("one\ntwo\nthree\nfour\nfive\nsix");
  await isAtEnd();
  await expect(bob.message("a line")).toBeInViewport({ ratio: 1 });
  await bob.box.fill("");
  await isAtEnd();
});

test("a day that begins while the end is in sight leaves it there", async ({ device }) => {
  const { seq } = await last();
  const bob = await inChat(device, seq);
  await expect(bob.message("a line")).toBeInViewport();
  const lines = () => bob.messages.getByText("Today", { exact: true });
  await expect(lines()).toHaveCount(0);
  await sendAll(ann.person, ann.line, chat, ["a new day"]);
  await expect(bob.message("ANN, a new day")).toBeInViewport({ ratio: 1 });
  await expect(lines()).toBeInViewport();
  await expect.poll(() => fromEnd(bob.page)).toBeLessThanOrEqual(1);
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

test("ten thousand loaded messages are still only a few rows", async ({ device }) => {
  const bob = await reader(device);
  const begun = performance.now();
  await loadBack(bob.page, 1);
  tell(`${MESSAGES} messages were loaded`, begun);
  await expect(bob.message("ANN, 1 the,")).toBeInViewport({ ratio: 1 });
  expect(await bob.messages.evaluate((list) => list.parentElement?.scrollTop)).toBe(0);
  await expect(bob.messages.locator("> li").first(), "the day that it began").toHaveAttribute(
    "data-key",
    /^day /,
  );

  const wire = await bob.page.context().newCDPSession(bob.page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER });
  const down = await recorded(bob.page, () => wheel(bob.page, 1_500, 40));
  expect(mostMounted(down)).toBeLessThanOrEqual(MOST_ROWS);
  expect(blank(down), "blank frames").toBe(0);
  const jump = await recorded(bob.page, async () => {
    await bob.button("Jump to latest").click();
    await expect.poll(() => fromEnd(bob.page)).toBeLessThanOrEqual(1);
  });
  expect(blank(jump), "blank frames").toBe(0);
  const up = await recorded(bob.page, () => wheel(bob.page, -300, 60));
  expect(backwards(up), "rows that moved against the wheel").toEqual([]);
  expect(mostMounted(up)).toBeLessThanOrEqual(MOST_ROWS);
  expect(blank(up), "blank frames").toBe(0);
  const times = await frameTimes(bob.page, () => wheel(bob.page, -300, 60));
  console.log(
    `frames on a slow phone: 95 % within ${Math.round(times[Math.floor(times.length * 0.95)] ?? 0)} ms`,
  );
  await bob.box.pressSequentially("still quick");
  await expect(bob.box).toHaveValue("still quick");
});

test("what is unread begins a third down", async ({ device }) => {
  await sendAll(
    ann.person,
    ann.line,
    chat,
    mixedTalk(80).map(({ content }) => content),
  );
  const bob = await inChat(device);
  const divider = bob.page.locator("li[data-key='unread']");
  await expect(divider).toBeInViewport();
  await expect.poll(() => partDown(bob, divider)).toBeCloseTo(1 / 3, 1);
});

function tell(what: string, begun: number): void {
  console.log(`${what} in ${Math.round((performance.now() - begun) / 1_000)} s`);
}

async function speaker(name: string): Promise<Speaker> {
  const person = await Person.signUp(server.nexus, name);
  return { person, line: await person.connect() };
}

/** How far down the window of the list it stands, from 0 to 1. */
async function partDown(client: Client, row: ReturnType<Client["message"]>): Promise<number> {
  const pane = await client.messages.locator("..").boundingBox();
  const box = await row.boundingBox();
  return pane && box ? (box.y - pane.y) / pane.height : -1;
}

function heightOf(client: Client): Promise<number> {
  return client.messages.evaluate((list) => list.parentElement?.scrollHeight ?? 0);
}

async function last(): Promise<{ id: string; seq: number }> {
  const { body } = await ann.person.get(`/chats/${chat.id}/messages?limit=1`);
  return body.messages.at(-1);
}
