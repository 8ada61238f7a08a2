import "fake-indexeddb/auto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { differences } from "./testing/compare";
import { ME, OTHER } from "./testing/server";
import { Browser, type Tab } from "./testing/tab";
import { tickOf } from "./ticks";

const chat = fc.constantFrom("a", "b");
const index = fc.nat(40);
const tab = fc.nat(1);

/** What happens in a story. Weights: much is said, little is torn down. */
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant("say" as const), chat, mentions: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ name: fc.constant("send" as const), chat, tab }) },
  { weight: 6, arbitrary: fc.record({ name: fc.constant("commit" as const), count: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant("edit" as const), chat, index }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("erase" as const), chat, index }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("rename" as const), chat, index }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant("theyRead" as const), chat, index, isRead: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("readElsewhere" as const), chat, index }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("hideElsewhere" as const), chat, index }) },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constant("starElsewhere" as const), chat, index, on: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("pinElsewhere" as const), chat, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("unreadElsewhere" as const), chat, index }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("membership" as const), on: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ name: fc.constant("open" as const), chat, tab, index: fc.option(index) }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("close" as const), chat, tab }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("older" as const), chat, tab }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("newer" as const), chat, tab }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("read" as const), chat, tab, index }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("drop" as const), tab }) },
  { weight: 4, arbitrary: fc.record({ name: fc.constant("connect" as const), tab }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("reload" as const), tab }) },
  { weight: 1, arbitrary: fc.constant({ name: "restart" as const }) },
  {
    weight: 8,
    arbitrary: fc.record({ name: fc.constant("wait" as const), ms: fc.constantFrom(5, 100, 700, 16_000) }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

class Story {
  readonly sent = new Map<string, string[]>();
  private readonly ticks = new Map<string, number>();
  private count = 0;

  constructor(readonly browser: Browser) {}

  private tab(at: number): Tab {
    return this.browser.tabs[at] ?? (this.browser.tabs[0] as Tab);
  }

  async play(act: Act) {
    const { server } = this.browser;
    switch (act.name) {
      case "say":
        if (server.at(act.chat).isMember) server.say(act.chat, act.mentions ? [ME] : []);
        break;
      case "send":
        this.send(act.chat, this.tab(act.tab));
        break;
      case "commit":
        server.commitQueued(act.count + 1);
        break;
      case "edit":
        server.change(act.chat, act.index, (message) => ({ content: `${message.content}!`, editedAt: null }));
        break;
      case "erase":
        server.erase(act.chat, act.index);
        break;
      case "rename":
        server.rename(act.chat, `title ${act.index}`);
        break;
      case "theyRead":
        server.mark(OTHER, act.chat, act.index, act.isRead);
        break;
      case "readElsewhere":
        server.mark(ME, act.chat, act.index, true);
        break;
      case "hideElsewhere":
      case "starElsewhere":
        this.markElsewhere(act.chat, act.index, act.name === "hideElsewhere" ? null : act.on);
        break;
      case "pinElsewhere":
        server.own({ kind: "pin", data: { chatId: act.chat, pinned: act.on } });
        break;
      case "unreadElsewhere":
        server.own({ kind: "unread", data: { chatId: act.chat, unreadFrom: act.index + 1 } });
        break;
      case "membership":
        server.setMember("b", act.on);
        break;
      case "restart":
        this.browser.restart();
        break;
      case "reload":
        await this.browser.close(this.tab(act.tab));
        await this.browser.open();
        break;
      case "wait":
        await this.browser.wait(act.ms);
        break;
      default:
        this.onScreen(act);
    }
    await this.browser.settle();
    this.checkTicks();
  }

  private onScreen(
    act: Extract<Act, { name: "open" | "close" | "older" | "newer" | "read" | "drop" | "connect" }>,
  ) {
    const tab = this.tab(act.tab);
    if (act.name === "drop") return tab.disconnect();
    if (act.name === "connect") return tab.connect();
    const { history, watermarks } = tab.parts;
    const ignore = () => {};
    if (act.name === "open") history.open(act.chat, act.index ?? undefined).catch(ignore);
    if (act.name === "close") history.close(act.chat);
    if (act.name === "older") history.loadOlder(act.chat);
    if (act.name === "newer") history.loadNewer(act.chat);
    if (act.name === "read") watermarks.markRead(act.chat, act.index);
  }

  private markElsewhere(chatId: string, index: number, starred: boolean | null) {
    const { messages } = this.browser.server.at(chatId);
    const messageId = messages[index % Math.max(messages.length, 1)]?.id;
    if (!messageId) return;
    const data = { chatId, messageId };
    if (starred === null) this.browser.server.own({ kind: "hide", data });
    else this.browser.server.own({ kind: "star", data: { ...data, starred } });
  }

  private send(chatId: string, tab: Tab) {
    if (!tab.parts.core.account().rooms[chatId]) return;
    this.count += 1;
    tab.parts.courier.send(chatId, { content: `mine ${this.count}`, replyTo: null, mentions: [] });
    const clientId = tab.store.getState().outbox[chatId]?.at(-1)?.clientId ?? "";
    const key = `${chatId} ${this.browser.tabs.indexOf(tab)}`;
    this.sent.set(chatId, [...(this.sent.get(chatId) ?? []), `${clientId} ${key}`]);
  }

  /** What was promised once is never taken back. */
  private checkTicks() {
    for (const each of this.browser.tabs) {
      const { rooms, timelines } = each.parts.core.account();
      for (const timeline of Object.values(timelines)) {
        for (const message of timeline.messages.filter((it) => it.senderId === ME)) {
          const receipts = rooms[timeline.chatId]?.receipts ?? {};
          const rank = ["sent", "delivered", "read"].indexOf(tickOf(message, receipts, ME));
          const key = `${this.browser.tabs.indexOf(each)} ${message.id}`;
          expect(rank, `tick of ${key}`).toBeGreaterThanOrEqual(this.ticks.get(key) ?? 0);
          this.ticks.set(key, rank);
        }
      }
    }
  }

  /** The network is well again, and everything has its time. */
  async end() {
    const { browser } = this;
    await browser.wait(2_000);
    browser.isRough = false;
    for (let round = 0; round < 4; round += 1) {
      for (const each of browser.tabs) {
        each.disconnect();
        each.connect();
      }
      await browser.wait(20_000);
      browser.server.commitQueued(1_000);
      await browser.wait(45_000);
    }
  }

  /** Of each chat and tab, in the order in which it was sent. Chat `b` may refuse some on the way. */
  checkSent() {
    for (const [chatId, sent] of this.sent) {
      const stored = this.browser.server.at(chatId).messages.filter((it) => it.senderId === ME);
      const ids = stored.map((message) => message.clientId);
      expect(new Set(ids).size, "none is there twice").toBe(ids.length);
      if (chatId === "b") continue;
      for (const key of new Set(sent.map((entry) => entry.split(" ")[2]))) {
        const mine = sent.filter((entry) => entry.split(" ")[2] === key).map((entry) => entry.split(" ")[0]);
        const arrived = ids.filter((id) => mine.includes(id));
        expect(arrived, `sent to ${chatId} by tab ${key}`).toEqual(mine);
      }
    }
  }
}

/** What waits or failed, but for what was refused while the user was no member. */
function left(tab: Tab): string[] {
  const all = Object.values(tab.store.getState().outbox).flat();
  const refused = (entry: (typeof all)[0]) => entry.chatId === "b" && entry.failure?.code === "not_found";
  return all.filter((entry) => !refused(entry)).map((entry) => `${entry.content} ${entry.state}`);
}

let stories = 0;

async function tell(acts: readonly Act[], seed: number): Promise<Story> {
  stories += 1;
  const browser = new Browser(`story-${stories}`, dice(seed));
  const story = new Story(browser);
  await browser.open();
  await browser.open();
  for (const each of acts) await story.play(each);
  await story.end();
  return story;
}

/** mulberry32 */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const runs = Number(import.meta.env.VITE_STORIES ?? 40);

test("after any story each tab agrees with the server, and what was sent is there once and in order", async () => {
  const story = fc.array(act, { minLength: 5, maxLength: 60, size: "max" });
  await fc.assert(
    fc.asyncProperty(story, fc.integer(), async (acts, seed) => {
      const story = await tell(acts, seed);
      story.checkSent();
      const { browser } = story;
      for (const each of browser.tabs.slice()) {
        expect(await differences(browser.server, each)).toEqual([]);
        expect(left(each)).toEqual([]);
        expect(each.store.getState().isCacheOff).toBe(false);
        await browser.close(each);
      }
    }),
    { numRuns: runs },
  );
}, 600_000);

test("two tabs share one outbox: one sends for both, and the other goes on when it dies", async () => {
  const browser = new Browser("shared", dice(1));
  browser.isRough = false;
  const [first, second] = [await browser.open(), await browser.open()];
  await browser.wait(1_000);
  const write = (tab: Tab, content: string) =>
    tab.parts.courier.send("a", { content, replyTo: null, mentions: [] });
  write(second, "one");
  await browser.wait(100);
  write(first, "two");
  await browser.wait(100);
  expect(browser.server.accepted).toEqual(["one", "two"]);
  browser.server.commitQueued(2);
  await browser.wait(100);
  await browser.close(first);
  write(second, "three");
  await browser.wait(100);
  expect(browser.server.accepted).toEqual(["one", "two", "three"]);
  browser.server.commitQueued(1);
  await browser.wait(100);
  expect(second.store.getState().outbox).toEqual({});
});

test("what a dead tab has written and not sent is sent by the next", async () => {
  const browser = new Browser("inherited", dice(1));
  browser.isRough = false;
  const tab = await browser.open();
  await browser.wait(1_000);
  tab.disconnect();
  tab.parts.courier.send("a", { content: "written in a tunnel", replyTo: null, mentions: [] });
  await browser.settle();
  await browser.close(tab);
  await browser.open();
  await browser.wait(1_000);
  expect(browser.server.accepted).toEqual(["written in a tunnel"]);
});
