import { Person } from "../../e2e/support/person.js";
import { plainText } from "../src/text/markdown";
import { XSS_CORPUS } from "../src/text/xss-corpus";
import type { Client } from "./support/client";
import { sendAll } from "./support/seed";
import { DESKTOP, expect, serve, test } from "./support/test";

const server = serve();
const NAME_CHARS = 64;
/** Control characters are refused by the server. */
const PAYLOADS = XSS_CORPUS.filter((text) => !/\p{Cc}/u.test(text.replaceAll(/\s/g, "")));

interface Stored {
  id: string;
  seq: number;
  content: string;
}

// After CVE-2018-10994 and CVE-2018-11101.
test("what is written to run in other people's pages is only text", async ({ device }) => {
  const eve = await Person.signUp(server.nexus, "eve");
  const line = await eve.connect();
  const desk = await device(DESKTOP);
  const ann = await desk.open(server.url);
  await ann.signUp("ann");
  const me = await ann.page.evaluate(async () => (await (await fetch("/api/v1/users/me")).json()).user);

  await test.step("in messages and in what they quote", async () => {
    const chat = await eve.direct(me);
    await sendAll(eve, line, chat, PAYLOADS);
    const more = await eve.get(`/chats/${chat.id}/messages?after=200&limit=200`);
    const stored: Stored[] = [...(await eve.messages(chat)), ...more.body.messages];
    expect(stored.length).toBe(PAYLOADS.length);
    expect(stored.length).toBeGreaterThanOrEqual(200);
    for (const { id } of stored) {
      await line.send(chat, "see above", { replyTo: id });
    }
    await ann.openChat("EVE");
    await expect(ann.messages).toBeVisible();
    const seen = await readThrough(ann, 2 * stored.length);
    for (const { seq, content } of stored) {
      const text = squeezed(plainText(content));
      expect(squeezed(seen.get(seq) ?? ""), `message ${seq} as it was typed`).toContain(text);
      if (!/[[\]`*_~>-]/.test(content)) expect(text).toBe(squeezed(content));
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 2 * stored.length }, (_, at) => at + 1),
    );
  });

  await test.step("in the names of people and groups", async () => {
    const names = PAYLOADS.filter((text) => text.length <= NAME_CHARS).slice(0, 30);
    for (const [at, displayName] of names.entries()) {
      const person = await Person.signUp(server.nexus, `mallory${at}`);
      const renamed = await person.patch("/users/me", { displayName });
      if (renamed.status !== 200) continue;
      const chat = await person.group(displayName, { id: me.id });
      const other = await person.connect();
      await sendAll(person, other, chat, ["it is me"]);
      other.close();
      await expect(ann.chats.getByText(displayName, { exact: true })).toBeVisible();
      expect(await intruders(ann)).toEqual([]);
    }
    await ann.chats.getByRole("link").first().click();
    await expect(ann.message("it is me")).toBeVisible();
    await ann.header.click();
    await expect(ann.page.getByRole("heading", { name: "Group info" })).toBeVisible();
    expect(await intruders(ann)).toEqual([]);
  });

  await test.step("in what is searched for and found", async () => {
    await ann.page.keyboard.press("Control+k");
    await ann.page
      .getByRole("searchbox", { name: "Search", exact: true })
      .fill("<img src=x onerror=alert(1)>");
    await expect(ann.page.getByRole("navigation").getByRole("list", { name: "Messages" })).toBeVisible();
    expect(await intruders(ann)).toEqual([]);
  });
  line.close();
});

const squeezed = (text: string) => text.replaceAll(/[\s•]/g, "");

/** Reads the chat from its first message to the one of `last`: what stands where, by `seq`. */
async function readThrough(client: Client, last: number): Promise<Map<number, string>> {
  const seen = new Map<number, string>();
  const first = client.messages.locator("[aria-posinset='1']");
  await expect(async () => {
    await client.messages.evaluate((list) => list.parentElement?.scrollTo(0, 0));
    await expect(first).toBeVisible({ timeout: 500 });
  }).toPass();
  const deadline = Date.now() + 300_000;
  while (!seen.has(last) && Date.now() < deadline) {
    const rows = await client.rows.evaluateAll((items) =>
      items.map(
        (item) => [Number(item.ariaPosInSet), item.querySelector(".rich")?.textContent ?? ""] as const,
      ),
    );
    for (const [seq, text] of rows) seen.set(seq, text);
    expect(await intruders(client)).toEqual([]);
    await client.messages.evaluate(async (list) => {
      list.parentElement?.scrollBy(0, 400);
      // No faster than rows are drawn: those that come next would be passed by.
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    });
  }
  return seen;
}

/** Elements that a text should not have made, and links that lead where none should. */
function intruders(client: Client): Promise<string[]> {
  return client.page.evaluate(() => {
    const app = document.getElementById("root");
    const tags =
      "script,iframe,object,embed,img,image,use,base,meta,link,style,video,audio,math,marquee,template";
    const found = [...(app?.querySelectorAll(tags) ?? [])].map((element) => element.outerHTML);
    for (const element of app?.querySelectorAll("*") ?? []) {
      const handlers = element.getAttributeNames().filter((name) => /^on|^formaction$|^srcdoc$/i.test(name));
      if (handlers.length > 0) found.push(element.outerHTML);
    }
    for (const link of app?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? []) {
      const isOurs = link.origin === location.origin && !link.closest(".rich");
      const isSafe = ["https:", "http:", "mailto:"].includes(link.protocol) && link.rel.includes("noopener");
      if (!isOurs && !isSafe) found.push(link.outerHTML);
    }
    return found;
  });
}
