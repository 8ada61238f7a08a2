import "fake-indexeddb/auto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "../wire";
import type { Mark, Wish } from "./model";
import { differences } from "./testing/compare";
import { dice } from "./testing/dice";
import { left } from "./testing/left";
import { ME, OTHER, type Server } from "./testing/server";
import { Browser, type Tab } from "./testing/tab";
import { tickOf } from "./ticks";
import { isFulfilled, type Known } from "./wishes";

const chat = fc.constantFrom("a", "b");
const index = fc.nat(40);
const tab = fc.nat(1);
const kind = fc.constantFrom("edit" as const, "delete", "hide", "react", "pin", "star");
const mark = fc.constantFrom("pinned" as const, "archived", "unreadFrom");

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
  { weight: 2, arbitrary: fc.record({ name: fc.constant("close" as const), chat, tab }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("foresee" as const), chat, tab }) },
  { weight: 6, arbitrary: fc.record({ name: fc.constant("wish" as const), chat, tab, index, kind }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("mark" as const), chat, tab, mark }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("amend" as const), chat, tab, index }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("withdraw" as const), chat, tab, index }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("older" as const), chat, tab }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("newer" as const), chat, tab }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("read" as const), chat, tab, index }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("drop" as const), tab }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("sleep" as const), tab }) },
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
  private readonly own: OwnChanges;
  private count = 0;

  constructor(readonly browser: Browser) {
    this.own = new OwnChanges(browser.server);
  }

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
        this.own.disturb(act.chat, act.index);
        server.change(act.chat, act.index, (message) => ({ content: `${message.content}!`, editedAt: null }));
        break;
      case "erase":
        this.own.disturb(act.chat, act.index);
        server.erase(act.chat, act.index);
        break;
      case "rename":
        server.rename(act.chat, `title ${act.index}`);
        break;
      case "theyRead":
        server.reach(OTHER, act.chat, act.index, act.isRead);
        break;
      case "readElsewhere":
        this.own.forget(`${act.chat} unreadFrom`);
        server.reach(ME, act.chat, act.index, true);
        break;
      case "hideElsewhere":
      case "starElsewhere":
        this.markElsewhere(act.chat, act.index, act.name === "hideElsewhere" ? null : act.on);
        break;
      case "pinElsewhere":
        this.own.forget(`${act.chat} pinned`);
        server.own({ kind: "pin", data: { chatId: act.chat, pinned: act.on } });
        break;
      case "unreadElsewhere":
        this.own.forget(`${act.chat} unreadFrom`);
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
      case "wish":
        this.own.wish(this.tab(act.tab), act.chat, act.index, act.kind);
        break;
      case "mark":
        this.own.mark(this.tab(act.tab), act.chat, act.mark);
        break;
      case "amend":
      case "withdraw":
        this.own.pending(this.tab(act.tab), act.chat, act.index, act.name);
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
    act: Extract<
      Act,
      { name: "open" | "close" | "foresee" | "older" | "newer" | "read" | "drop" | "sleep" | "connect" }
    >,
  ) {
    const tab = this.tab(act.tab);
    if (act.name === "drop") return tab.disconnect();
    if (act.name === "sleep") return tab.sleep();
    if (act.name === "connect") return tab.connect();
    const { history, watermarks } = tab.parts;
    const ignore = () => {};
    if (act.name === "open") history.open(act.chat, act.index ?? undefined).catch(ignore);
    if (act.name === "close") history.close(act.chat);
    if (act.name === "foresee") history.foresee(act.chat).catch(ignore);
    if (act.name === "older") history.loadOlder(act.chat);
    if (act.name === "newer") history.loadNewer(act.chat);
    if (act.name === "read") {
      this.own.forget(`${act.chat} unreadFrom`);
      watermarks.markRead(act.chat, act.index);
    }
  }

  private markElsewhere(chatId: string, index: number, starred: boolean | null) {
    const { messages } = this.browser.server.at(chatId);
    const messageId = messages[index % Math.max(messages.length, 1)]?.id;
    if (!messageId) return;
    this.own.disturb(chatId, index);
    const data = { chatId, messageId };
    if (starred === null) this.browser.server.own({ kind: "hide", data });
    else this.browser.server.own({ kind: "star", data: { ...data, starred } });
  }

  private send(chatId: string, tab: Tab) {
    if (!tab.parts.core.account().rooms[chatId]) return;
    this.count += 1;
    tab.parts.courier.send(chatId, { content: `mine ${this.count}`, replyTo: null });
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
    const awake = browser.tabs.filter((each) => !each.isAsleep);
    for (let round = 0; round < 4 && awake.length > 0; round += 1) await this.calmRound(awake);
    for (const each of awake) expect(left(each), "left by a tab in use while the other sleeps").toEqual([]);
    const hasSlept = awake.length < browser.tabs.length;
    for (let round = 0; round < 4 && hasSlept; round += 1) await this.calmRound(browser.tabs);
  }

  private async calmRound(tabs: readonly Tab[]) {
    const { browser } = this;
    for (const each of tabs) {
      each.disconnect();
      each.connect();
    }
    await browser.wait(20_000);
    browser.server.commitQueued(1_000);
    await browser.wait(45_000);
  }

  async openAll({ parts }: Tab) {
    for (const chat of ["a", "b"]) parts.history.open(chat).catch(() => {});
    await this.browser.wait(5_000);
  }

  /** Of each chat and tab, in the order in which it was sent. Chat `b` may refuse some on the way. */
  checkSent() {
    this.own.check();
    for (const [chatId, sent] of this.sent) {
      const stored = this.browser.server.at(chatId).messages.filter((it) => it.senderId === ME);
      const ids = stored.map((message) => message.clientId);
      expect(new Set(ids).size, "none is there twice").toBe(ids.length);
      if (chatId === "b") continue;
      const wanted = sent.filter((entry) => !this.own.withdrawn.has(entry.split(" ")[0] ?? ""));
      for (const key of new Set(wanted.map((entry) => entry.split(" ")[2]))) {
        const mine = wanted
          .filter((entry) => entry.split(" ")[2] === key)
          .map((entry) => entry.split(" ")[0]);
        const arrived = ids.filter((id) => mine.includes(id));
        expect(arrived, `sent to ${chatId} by tab ${key}`).toEqual(mine);
      }
    }
  }
}

type Kind = "edit" | "delete" | "hide" | "react" | "pin" | "star";
type Pressed = "pinned" | "archived" | "unreadFrom";

/** What the user has changed, and what must have come of it in the end, if nobody else touched it. */
class OwnChanges {
  readonly withdrawn = new Set<string>();
  private readonly expected = new Map<string, () => void>();
  private readonly disturbed = new Set<string>();
  private count = 0;

  constructor(private readonly server: Server) {}

  forget(what: string) {
    this.disturbed.add(what);
  }

  disturb(chat: string, index: number) {
    const { messages } = this.server.at(chat);
    const message = messages[index % Math.max(messages.length, 1)];
    if (message) this.forget(message.id);
  }

  private expect(about: string, slot: string, check: () => void) {
    // In chat `b` the user may not be a member at the time.
    if (about.startsWith("b")) return;
    this.expected.set(slot, () => this.disturbed.has(about) || check());
  }

  wish(tab: Tab, chat: string, index: number, kind: Kind) {
    const { store, parts } = tab;
    const shown = store.getState().timelines[chat]?.messages ?? [];
    const message = shown[index % Math.max(shown.length, 1)];
    if (!message || message.system || message.deletedAt) return;
    if (kind === "edit" && message.senderId !== ME) return;
    const wish = this.wanted(kind, message, store.getState().starred.has(message.id));
    parts.envoy.wish(chat, message.id, wish);
    if (kind === "delete") {
      for (const moot of ["edit", "react", "pin"]) this.expected.delete(`${message.id} ${moot}`);
    }
    const known = () => knownTo(this.server, message.id);
    this.expect(message.id, `${message.id} ${kind}`, () =>
      expect(isFulfilled(wish, known()), `${message.id} ${JSON.stringify(wish)}`).toBe(true),
    );
  }

  /** As the buttons do: the other way round than it is shown. */
  private wanted(kind: Kind, message: Message, isStarred: boolean): Wish {
    this.count += 1;
    switch (kind) {
      case "edit":
        return { kind, content: `edit ${this.count}` };
      case "react":
        return { kind, emoji: "+", on: !message.reactions.some((reaction) => reaction.mine) };
      case "pin":
        return { kind, on: !message.pinnedAt };
      case "star":
        return { kind, on: !isStarred };
      default:
        return { kind };
    }
  }

  mark(tab: Tab, chat: string, name: Pressed) {
    const entry = tab.store.getState().chats[chat]?.chat;
    if (!entry) return;
    const value = name === "unreadFrom" ? entry.lastSeq + 1 : !entry.me[name];
    tab.parts.envoy.wish(chat, null, { kind: "mark", mark: { name, value } as Mark });
    const about = `${chat} ${name}`;
    this.expect(about, about, () => expect(this.server.at(chat).me[name], about).toBe(value));
  }

  pending(tab: Tab, chat: string, index: number, how: "amend" | "withdraw") {
    const list = tab.store.getState().outbox[chat] ?? [];
    const pending = list[index % Math.max(list.length, 1)];
    if (pending?.state !== "waiting") return;
    const { clientId } = pending;
    const content = `amended ${++this.count}`;
    const { courier } = tab.parts;
    if (how === "amend") courier.amend(clientId, content);
    else courier.discard(clientId);
    if (how === "withdraw") this.withdrawn.add(clientId);
    const stored = () => this.server.at(chat).messages.find((it) => it.clientId === clientId);
    this.expect(chat, clientId, () => {
      const message = stored();
      if (!message || this.disturbed.has(message.id) || this.expected.has(`${message.id} edit`)) return;
      if (how === "withdraw") expect(message.deletedAt, `withdrawn: ${message.content}`).not.toBeNull();
      else if (!message.deletedAt) expect(message.content).toBe(content);
    });
  }

  check() {
    for (const check of this.expected.values()) check();
  }
}

function knownTo(server: Server, id: string): Known {
  const there = server.find(id);
  const isHidden = there?.room.hidden.has(id) ?? false;
  return { message: there?.message ?? null, me: null, isStarred: server.starred.has(id), isHidden };
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

/** One tab hears that a message has arrived while the user takes it back in the other. */
const takenBackTooLate: [Act[], number] = [
  [
    { name: "wait", ms: 5 },
    { name: "send", chat: "a", tab: 1 },
    { name: "wait", ms: 5 },
    { name: "commit", count: 0 },
    { name: "wait", ms: 5 },
    { name: "say", chat: "a", mentions: false },
    { name: "say", chat: "a", mentions: false },
    { name: "withdraw", chat: "a", tab: 0, index: 0 },
    { name: "rename", chat: "a", index: 0 },
    { name: "read", chat: "a", tab: 0, index: 0 },
    { name: "say", chat: "a", mentions: false },
    { name: "send", chat: "a", tab: 0 },
    { name: "wait", ms: 5 },
  ],
  1590899095,
];

const runs = Number(import.meta.env.VITE_STORIES ?? 100);

test("after any story each tab agrees with the server, and what was sent is there once and in order", async () => {
  const story = fc.array(act, { minLength: 5, maxLength: 60, size: "max" });
  await fc.assert(
    fc.asyncProperty(story, fc.integer(), async (acts, seed) => {
      const story = await tell(acts, seed);
      story.checkSent();
      const { browser } = story;
      for (const each of browser.tabs.slice()) {
        expect(await differences(browser.server, each)).toEqual([]);
        await story.openAll(each);
        expect(await differences(browser.server, each), "of what was closed before").toEqual([]);
        expect(left(each)).toEqual([]);
        expect(each.store.getState().isCacheOff).toBe(false);
        await browser.close(each);
      }
    }),
    { numRuns: runs, examples: [takenBackTooLate] },
  );
}, 600_000);
