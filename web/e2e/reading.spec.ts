import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { fromEnd, furthestMove, recorded, wheel } from "./support/gate";
import { longTalk, readAll, sendAll } from "./support/seed";
import { comeBack, leave } from "./support/tabs";
import { expect, serve, test } from "./support/test";

const server = serve();

test("a chat opens at what is new, a third down, and the line stays there for the visit", async ({
  device,
}) => {
  const [ann, bob] = [await Person.signUp(server.nexus, "ann"), await Person.signUp(server.nexus, "bob")];
  const chat = await ann.direct(bob);
  const lines = { ann: await ann.connect(), bob: await bob.connect() };
  await sendAll(bob, lines.bob, chat, longTalk(60));
  await readAll(ann, lines.ann, chat);
  await sendAll(bob, lines.bob, chat, longTalk(40));
  const client = await (await device()).open(server.url);
  await client.signIn("ann");
  await client.openChat("BOB");

  await test.step("between what is read and what is not", async () => {
    await expect(lineIn(client)).toBeInViewport();
    await expect.poll(() => depthOf(client)).toBeCloseTo(1 / 3, 1);
  });

  await test.step("it stays while more is read and written", async () => {
    await expect(client.chat("BOB")).not.toContainText("40 unread");
    const frames = await recorded(client.page, async () => {
      await sendAll(bob, lines.bob, chat, ["one more"]);
      await expect(client.button("Jump to latest")).toBeVisible();
      await expect(client.chat("BOB")).toContainText("one more");
    });
    expect(furthestMove(frames)).toBeLessThanOrEqual(2);
    expect(await depthOf(client)).toBeCloseTo(1 / 3, 1);
  });

  await test.step("an answer takes it away", async () => {
    await client.send("thank you");
    await expect(client.message("You, thank you")).toBeInViewport();
    await expect.poll(() => fromEnd(client.page)).toBeLessThanOrEqual(1);
    await wheel(client.page, -300, 3);
    await expect(lineIn(client)).toHaveCount(0);
  });

  await test.step("the day stands above while the list moves, and not when it rests", async () => {
    const day = client.page.getByRole("main").getByText("Today", { exact: true }).locator("xpath=..").last();
    await expect(day).toHaveCSS("opacity", "0");
    // It stands for a second only, which a slow machine may miss.
    await expect(async () => {
      await wheel(client.page, -100, 1);
      await expect(day).toHaveCSS("opacity", "1", { timeout: 700 });
    }).toPass();
    await expect(day).toHaveCSS("opacity", "0");
  });
  for (const line of Object.values(lines)) line.close();
});

test("only what somebody looks at counts as read", async ({ device }) => {
  const eve = await Person.signUp(server.nexus, "eve");
  const desk = await device();
  const front = await desk.open(server.url);
  await front.signUp("joe");
  const chat = await eve.direct(await new Person(server.nexus, "joe").logIn());
  await expect(front.chat("EVE")).toBeVisible();
  const behind = await desk.open(`${server.url}/chat/${chat.id}`);
  await expect(behind.box).toBeVisible();
  await leave(behind);
  const line = await eve.connect();

  await sendAll(eve, line, chat, ["are you there?"]);
  await expect(behind.message("EVE, are you there?")).toBeInViewport();
  await expect(front.chat("EVE")).toContainText("1 unread");
  await sendAll(eve, line, chat, ["hello?"]);
  await expect(behind.message("EVE, hello?")).toBeInViewport();
  await expect(front.chat("EVE")).toContainText("2 unread");
  expect(await readSeq(eve, chat)).toBe(0);

  await comeBack(behind);
  await expect(front.chat("EVE")).not.toContainText("unread");
  await expect.poll(() => readSeq(eve, chat)).toBe(2);
  line.close();
});

test("who comes back to an open chat finds what they missed below the line", async ({ device }) => {
  const sue = await Person.signUp(server.nexus, "sue");
  const desk = await device();
  const client = await desk.open(server.url);
  await client.signUp("tim");
  const tim = await new Person(server.nexus, "tim").logIn();
  const chat = await sue.direct(tim);
  const line = await sue.connect();
  await sendAll(sue, line, chat, longTalk(30));
  const tims = await tim.connect();
  await readAll(tim, tims, chat);
  tims.close();
  await client.openChat("SUE");
  await expect(client.message("SUE, 30 ")).toBeInViewport();

  const isBelowTheLine = async (text: string, unread: number) => {
    await expect(lineIn(client)).toBeInViewport();
    await expect.poll(() => depthOf(client)).toBeCloseTo(1 / 3, 1);
    await expect(client.button("Jump to latest")).toBeVisible();
    await expect(client.message(`SUE, ${text}`)).toBeInViewport();
    await expect.poll(() => readSeq(sue, chat)).toBeGreaterThan(unread);
    expect(await readSeq(sue, chat)).toBeLessThan(unread + 40);
  };
  await test.step("from another window", async () => {
    await leave(client);
    await sendAll(sue, line, chat, ["the first that was missed", ...longTalk(40)]);
    await expect(client.chat("SUE")).toContainText("41 unread");
    await comeBack(client);
    await isBelowTheLine("the first that was missed", 30);
  });

  await test.step("from where there is no network", async () => {
    await client.button("Jump to latest").click();
    await expect.poll(() => readSeq(sue, chat)).toBe(71);
    desk.expectNetworkErrors();
    await desk.context.setOffline(true);
    await expect(client.status).toContainText("Offline");
    await sendAll(sue, line, chat, ["said while there was none", ...longTalk(40)]);
    await desk.context.setOffline(false);
    await isBelowTheLine("said while there was none", 71);
  });

  await test.step("what is said while they look is followed", async () => {
    await client.button("Jump to latest").click();
    await expect.poll(() => readSeq(sue, chat)).toBe(112);
    await sendAll(sue, line, chat, ["and now?"]);
    await expect(client.message("SUE, and now?")).toBeInViewport();
    await expect.poll(() => fromEnd(client.page)).toBeLessThanOrEqual(1);
  });
  line.close();
});

test("what others write in the open chat is read out, many at once as a number", async ({ device }) => {
  const max = await Person.signUp(server.nexus, "max");
  const kim = await (await device()).open(server.url);
  await kim.signUp("kim");
  const chat = await max.direct(await new Person(server.nexus, "kim").logIn());
  const line = await max.connect();
  await sendAll(max, line, chat, longTalk(120));
  await expect(kim.chat("MAX")).toContainText("120 unread");
  await kim.openChat("MAX");
  const said = kim.page.locator("[aria-live=polite]").first();

  await test.step("nothing of what was there before", async () => {
    await kim.button("Jump to latest").click();
    await expect(kim.message("MAX, 120 ")).toBeInViewport();
    await wheel(kim.page, -300, 20);
    await expect(said).toHaveText("");
  });

  await test.step("a new one with who wrote it", async () => {
    await sendAll(max, line, chat, ["**ferry** at nine"]);
    await expect(said).toHaveText("MAX: ferry at nine");
    await kim.send("fine");
    await expect(kim.message("You, fine", "(Sent|Delivered|Read)")).toBeVisible();
    await expect(said).toHaveText("MAX: ferry at nine");
  });

  await test.step("many at once as how many they are", async () => {
    await expect(async () => {
      await sendAll(max, line, chat, ["one", "two", "three", "four"]);
      await expect(said).toHaveText(/^\d+ new messages$/, { timeout: 3_000 });
    }).toPass();
  });
  line.close();
});

function lineIn({ messages }: Client) {
  return messages.locator("li", { has: messages.page().getByText("Unread messages", { exact: true }) });
}

/** How far down the list's window the line of what is new stands: 0 is its top, 1 its end. */
async function depthOf(client: Client): Promise<number> {
  const [line, pane] = await Promise.all([
    lineIn(client).boundingBox(),
    client.messages.locator("xpath=..").boundingBox(),
  ]);
  return line && pane ? (line.y - pane.y) / pane.height : -1;
}

/** How far the other of a direct chat has read, as its sender learns it. */
async function readSeq(person: Person, chat: { id: string }): Promise<number> {
  const { receipts } = (await person.get(`/chats/${chat.id}`)).body.chat;
  const theirs = receipts.find((receipt: { userId: string }) => receipt.userId !== person.id);
  return theirs?.readSeq ?? 0;
}
