/** What people would measure on a slow phone: printed, never judged. */

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import { fromClick, fromKeys, tell, within } from "./support/figures";
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
type Told = typeof globalThis & { told?: Record<string, number>; inputs?: Record<number, number> };

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
    const inputs: Record<number, number> = {};
    Object.assign(globalThis, { told, inputs });
    for (const on of [webVitals.onLCP, webVitals.onCLS]) {
      on(({ name, value }) => void Object.assign(told, { [name]: value }), { reportAllChanges: true });
    }
    const observer = new PerformanceObserver((list) => {
      // A key that goes down and up again is one interaction. Until its work is done: while anything on
      // the page fades, Chromium without a GPU says of each frame that it was shown at the fade's end.
      for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId?: number })[]) {
        const { interactionId: id, startTime, processingEnd } = entry;
        if (id) inputs[id] = Math.max(inputs[id] ?? 0, processingEnd - startTime);
      }
    });
    observer.observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  });
  const client = await phone.open("about:blank");
  const { page } = client;
  const wire = await phone.context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", NETWORK);

  await page.goto(server.url);
  await expect(client.button("Sign in")).toBeVisible();
  await tellVitals(page, "first visit", "≤ 2500");
  await client.signIn("ann");
  await client.isInstalled();
  await page.goto(server.url);
  await client.openChat("BOB");
  await tellVitals(page, "again, into a chat", "≤ 1000");
  const keys = await fromKeys(page, () =>
    client.box.pressSequentially("how fast does this go?", { delay: 80 }),
  );
  tell("key to letter, p95", within(0.95, keys), "ms", "≤ 50");
  const sent = await fromClick(page, "Messages", "how fast does this go?", () =>
    client.button("Send").click(),
  );
  tell("Send to own bubble", sent, "ms", "≤ 50");
  await expect(client.message("how fast does this go?", "(Sent|Delivered|Read)")).toBeVisible();
  const inputs = Object.values(await page.evaluate(() => (globalThis as Told).inputs ?? {}));
  tell(`INP but for the painting, p75 of ${inputs.length}`, within(0.75, inputs), "ms", "≤ 200");
  bobs.close();
});

async function tellVitals(page: Page, what: string, hold: string): Promise<void> {
  await page.waitForFunction(() => (globalThis as Told).told?.LCP !== undefined);
  const told = await page.evaluate(() => (globalThis as Told).told ?? {});
  tell(`LCP, ${what}`, told.LCP ?? Number.NaN, "ms", hold);
  tell(`CLS, ${what}`, told.CLS ?? 0, "", "≤ 0.05");
}
