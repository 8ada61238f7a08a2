/** What people would measure on a slow phone: printed, never judged. */

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { longTalk, readAll, sendAll } from "./support/seed";
import { expect, PHONE, serve, test } from "./support/test";

const VITALS = readFileSync(
  new URL("../node_modules/web-vitals/dist/web-vitals.iife.js", import.meta.url),
  "utf8",
);
/** 1.6 Mbit/s, 150 ms. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const CPU_SLOWER = 4;

const server = serve();

interface Metric {
  name: string;
  value: number;
}

declare const webVitals: Record<"onLCP" | "onCLS", (tell: (metric: Metric) => void, how: object) => void>;
type Told = typeof globalThis & { told?: Record<string, number>; waits?: number[] };

test("the figures of a slow phone", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const ann = await Person.signUp(server.nexus, "ann");
  const chat = await bob.direct(ann);
  const bobs = await bob.connect();
  const anns = await ann.connect();
  await sendAll(bob, bobs, chat, longTalk(500));
  await readAll(ann, anns, chat);
  anns.close();

  const phone = await device(PHONE);
  await phone.context.addInitScript({ content: `${VITALS}; globalThis.webVitals = webVitals;` });
  await phone.context.addInitScript(() => {
    const told: Record<string, number> = {};
    const waits: number[] = [];
    Object.assign(globalThis, { told, waits });
    for (const on of [webVitals.onLCP, webVitals.onCLS]) {
      on(({ name, value }) => void Object.assign(told, { [name]: value }), { reportAllChanges: true });
    }
    // Until the frame after the one that shows it. (INP waits for a screen, and there is none.)
    const onInput = ({ timeStamp }: Event) => {
      requestAnimationFrame(() => requestAnimationFrame((now) => waits.push(now - timeStamp)));
    };
    for (const name of ["keydown", "click"]) addEventListener(name, onInput, { capture: true });
  });
  const client = await phone.open("about:blank");
  const { page } = client;
  const wire = await phone.context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", NETWORK);

  await page.goto(server.url);
  await expect(client.button("Sign in")).toBeVisible();
  await tell(page, "first visit");
  await client.signIn("ann");
  await client.isInstalled();
  await page.goto(server.url);
  await client.openChat("BOB");
  await tell(page, "again, into a chat");
  await client.box.pressSequentially("how fast does this go?", { delay: 80 });
  await tellWaits(page, "from a key to its letter");
  await client.button("Send").click();
  await expect(client.message("how fast does this go?", "(Sent|Delivered|Read)")).toBeVisible();
  await tellWaits(page, "from Send to the bubble");
  bobs.close();
});

async function tell(page: Page, what: string): Promise<void> {
  await page.waitForFunction(() => (globalThis as Told).told?.LCP !== undefined);
  const told = await page.evaluate(() => (globalThis as Told).told ?? {});
  const figures = Object.entries(told).map(([name, value]) => `${name} ${Number(value.toFixed(3))}`);
  console.log(`${what}: ${figures.join(", ")}`);
}

async function tellWaits(page: Page, what: string): Promise<void> {
  const waits = await page.evaluate(() => (globalThis as Told).waits?.splice(0) ?? []);
  waits.sort((a, b) => a - b);
  const at = (part: number) => Math.round(waits[Math.floor(part * (waits.length - 1))] ?? Number.NaN);
  console.log(`${what}: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`);
}
