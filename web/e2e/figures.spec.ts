/** What people would measure who have much of everything, on a slow phone: printed, never judged. */

import type { CDPSession } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import type { Device } from "./support/device";
import { fromClick, fromKeys, tell, within } from "./support/figures";
import { frameTimes, fromEnd, loadBack, wheel } from "./support/gate";
import { longTalk, mixedTalk, readAll, type Speaker, sayAll, sendAll } from "./support/seed";
import { expect, PHONE, serve, test } from "./support/test";

const CPU_SLOWER = 4;
const MESSAGES = 10_000;
const CHATS = 50;
const MISSED = 10;
const TIMES = 20;

const server = serve();
let ann: Speaker;
let bob: Speaker;
let chat: { id: string };
const groups: { id: string; title: string }[] = [];

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  test.setTimeout(600_000);
  ann = await speaker("ann");
  bob = await speaker("bob");
  for (let at = 1; at <= CHATS; at += 1) {
    const title = `Chat ${String(at).padStart(2, "0")}`;
    const { id } = await bob.person.group(title, ann.person);
    groups.push({ id, title });
    await sendAll(bob.person, bob.line, { id }, [...longTalk(49), `all of ${title}`]);
    await readAll(ann.person, ann.line, { id });
  }
  chat = await ann.person.direct(bob.person);
  await sayAll([bob, ann], chat, mixedTalk(MESSAGES));
  await readAll(ann.person, ann.line, chat);
  ann.line.close();
});

test("ten thousand messages", async ({ device }) => {
  test.setTimeout(600_000);
  const phone = await device({ ...PHONE, serviceWorkers: "block" });
  const client = await phone.open(server.url);
  await client.signIn("ann");
  await client.openChat("BOB");
  await loadBack(client.page, 1);
  await client.button("Jump to latest").click();
  await expect.poll(() => fromEnd(client.page)).toBeLessThanOrEqual(1);
  await slow(phone, client);

  const keys = await fromKeys(client.page, () =>
    client.box.pressSequentially("does it keep up with this? ".repeat(4), { delay: 100 }),
  );
  tell(`key to letter, p95, ${MESSAGES} loaded`, within(0.95, keys), "ms", "≤ 50");
  const sent: number[] = [];
  for (let at = 1; at <= TIMES; at += 1) {
    await client.box.fill(`on its way ${at}.`);
    const click = () => client.button("Send").click();
    sent.push(await fromClick(client.page, "Messages", `on its way ${at}.`, click));
    await expect(client.message(`on its way ${at}.`, "(Sent|Delivered|Read)")).toBeVisible();
  }
  tell(`Send to own bubble, p95, ${MESSAGES} loaded`, within(0.95, sent), "ms", "≤ 50");
  const frames = await frameTimes(client.page, () => wheel(client.page, -300, 80));
  tell(`frame of a scroll, p95, ${MESSAGES} loaded`, within(0.95, frames), "ms", "≤ 50");
});

test("fifty chats", async ({ device }) => {
  test.setTimeout(600_000);
  const phone = await device(PHONE);
  phone.expectNetworkErrors();
  const client = await phone.open(server.url);
  await client.signIn("ann");
  const wire = await slow(phone, client);

  await openAll(client);
  const first = await memory(wire);
  const opened = await openAll(client);
  const second = await memory(wire);
  tell("tap to chat, from cache, p95", within(0.95, opened), "ms", "≤ 150");
  tell(`heap, ${CHATS} chats opened`, first.heap, "MB", "≤ 80");
  tell("heap, all of them once more", second.heap, "MB", "no more");
  tell("DOM nodes that the second round left", second.nodes - first.nodes, "", "about 0");

  await wire.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await phone.context.setOffline(true);
  await expect(client.status.filter({ hasText: "Offline" })).toBeVisible();
  for (const { id } of groups) await sendAll(bob.person, bob.line, { id }, longTalk(MISSED));
  await client.page.evaluate(
    ({ chats, missed }) => {
      const isCaughtUp = () => {
        const rows = document.querySelectorAll("[aria-label='Chats'] > li");
        return [...rows].filter((row) => row.textContent.includes(`${missed} unread`)).length === chats;
      };
      const caughtUp = new Promise((resolve) => {
        addEventListener("online", ({ timeStamp }) => {
          const look = (now: number) =>
            isCaughtUp() ? resolve(now - timeStamp) : requestAnimationFrame(look);
          requestAnimationFrame(look);
        });
      });
      Object.assign(globalThis, { caughtUp });
    },
    { chats: CHATS, missed: MISSED },
  );
  await phone.context.setOffline(false);
  const took = await client.page.evaluate(
    () => (globalThis as unknown as { caughtUp: Promise<number> }).caughtUp,
  );
  tell(`back from offline to caught up, ${CHATS} chats, ${CHATS * MISSED} missed`, took, "ms", "≤ 1500");
});

/** Taps on one after the other; answers how long each took to be there. */
async function openAll(client: Client): Promise<number[]> {
  const waits: number[] = [];
  for (const { title } of groups) {
    const row = client.chat(title).getByRole("link");
    await row.scrollIntoViewIfNeeded();
    waits.push(await fromClick(client.page, "Messages", `all of ${title}`, () => row.click()));
    await client.page.goBack();
    await expect(client.button("New chat")).toBeVisible();
  }
  return waits;
}

async function slow(phone: Device, { page }: Client): Promise<CDPSession> {
  const wire = await phone.context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER });
  return wire;
}

/** What is still in use: the heap in MB, and nodes of the document or kept by scripts. */
async function memory(wire: CDPSession): Promise<{ heap: number; nodes: number }> {
  await wire.send("Performance.enable");
  // What only a finalizer holds goes with the next collection.
  for (let times = 0; times < 3; times += 1) await wire.send("HeapProfiler.collectGarbage");
  const { metrics } = await wire.send("Performance.getMetrics");
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { heap: of("JSHeapUsedSize") / 1_000_000, nodes: of("Nodes") };
}

async function speaker(name: string): Promise<Speaker> {
  const person = await Person.signUp(server.nexus, name);
  return { person, line: await person.connect() };
}
