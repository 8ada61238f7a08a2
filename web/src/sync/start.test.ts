import "fake-indexeddb/auto";
import { Dexie } from "dexie";
import { beforeEach, expect, test, vi } from "vitest";
import type { Session, SessionState } from "../net/session";
import type { Me } from "../wire";
import type { Messenger } from "./messenger";
import { signedIn } from "./signed-in";
import { startMessenger } from "./start";
import { AS_ME, Browser, Tab } from "./testing/tab";

/** For slow machines: the clock of `Browser` is not theirs. */
const PATIENCE = { timeout: 30_000 };

let browser: Browser;
let last: string | null;

beforeEach(async () => {
  browser = new Browser("start", () => 0.3);
  browser.isRough = false;
  last = null;
  for (const name of await Dexie.getDatabaseNames()) await Dexie.delete(name);
});

/** `resumes`: what the server would say about who we are. */
function sessionOf(resumes: () => Promise<Me | null>) {
  let state: SessionState = { name: "unknown" };
  const listeners = new Set<() => void>();
  const become = (next: SessionState) => {
    state = next;
    last = next.name === "signed-in" ? next.me.id : null;
    for (const listener of listeners) listener();
  };
  const enter = (me: Me) => {
    become({ name: "signed-in", me });
    return me;
  };
  const leave = () => become({ name: "signed-out", reason: null });
  const revoked: Session["revoked"] = (reason) => become({ name: "signed-out", reason });
  const session: Session = {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lastUserId: () => last,
    async resume() {
      const me = await resumes();
      if (me) enter(me);
      else leave();
      return me;
    },
    signUp: async () => enter(AS_ME),
    signIn: async ({ identifier }) => enter({ ...AS_ME, id: identifier }),
    signInByPasskey: async () => enter(AS_ME),
    signInByTicket: async () => enter(AS_ME),
    signUpByTicket: async () => enter(AS_ME),
    hasStayed: () => false,
    signOut: async () => leave(),
    signOutEverywhere: async () => leave(),
    generation: () => 0,
    refresh: async () => true,
    revoked,
    fetch: () => Promise.reject(new Error("not here")),
  };
  return session;
}

async function start(session: Session): Promise<{ messenger: Messenger; tab: Tab }> {
  const { messenger, tab } = begin(session, async () => {});
  await vi.waitFor(() => expect(messenger.store.getState().phase).not.toBe("starting"), PATIENCE);
  await browser.wait(50);
  return { messenger, tab };
}

/** `arrival`: of that part of the program which only somebody signed in needs. */
function begin(session: Session, arrival: () => Promise<void>) {
  const tab = new Tab(browser);
  browser.tabs.push(tab);
  const load = async () => {
    await arrival();
    return { ...signedIn, openSocket: () => tab.socket() };
  };
  const at = {
    session,
    about: () => Promise.reject(new Error("not asked")),
    aboutLastTime: () => null,
    rest: tab.rest(),
    world: tab.world(),
    load,
  };
  return { messenger: startMessenger(at), tab };
}

const never = () => new Promise<never>(() => {});
const nobody = async () => null;

test("a first visit leads to the way in", async () => {
  const { messenger } = await start(sessionOf(nobody));
  expect(messenger.store.getState()).toMatchObject({ phase: "signed-out", me: null });
});

test("who was here before sees their chats and drafts before any network answers", async () => {
  browser.server.say("a");
  const first = await start(sessionOf(nobody));
  await first.messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  first.messenger.setDraft("a", { content: "half a thought", replyTo: null });
  await browser.wait(1_000);
  first.tab.kill();
  browser.isUp = false;
  const { messenger } = await start(sessionOf(never));
  const { phase, me, order, chats, drafts, isListComplete } = messenger.store.getState();
  expect([phase, me?.id, order, isListComplete]).toEqual(["signed-in", "me", ["a", "b"], true]);
  expect(chats.a?.chat.lastMessage?.content).toBe("text 1");
  expect(drafts.a?.content).toBe("half a thought");
  const opening = messenger.openChat("a");
  await browser.wait(100);
  await opening;
  expect(messenger.store.getState().timelines.a?.messages).toHaveLength(1);
});

test("a part of the program that did not come is asked for again", async () => {
  const arrival = vi.fn(async () => {}).mockRejectedValueOnce(new TypeError("Failed to fetch"));
  const { messenger } = begin(
    sessionOf(async () => AS_ME),
    arrival,
  );
  await browser.wait(1_000);
  expect(messenger.store.getState().phase).toBe("starting");
  await browser.wait(5_000);
  await vi.waitFor(() => expect(messenger.store.getState().phase).toBe("signed-in"), PATIENCE);
  expect(arrival).toHaveBeenCalledTimes(2);
});

test("without an answer and without a cache there is still a way in", async () => {
  last = "me";
  const { messenger } = await start(sessionOf(() => Promise.reject(new Error("offline"))));
  expect(messenger.store.getState().phase).toBe("signed-out");
});

test("signing out leaves nothing behind, in memory or on disk, also in other tabs", async () => {
  const session = sessionOf(nobody);
  const { messenger } = await start(session);
  const other = await start(session);
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  messenger.send("a", { content: "not sent yet", replyTo: null });
  messenger.updateMine("a", { pinned: true });
  expect(messenger.store.getState().chats.a?.chat.me.pinned).toBe(true);
  await browser.settle();
  await messenger.signOut();
  await browser.wait(1_000);
  for (const { store } of [messenger, other.messenger]) {
    expect(store.getState()).toMatchObject({
      phase: "signed-out",
      me: null,
      chats: {},
      outbox: {},
      changes: {},
      drafts: {},
    });
  }
  expect(await Dexie.getDatabaseNames()).toEqual([]);
  expect(() => messenger.send("a", { content: "x", replyTo: null })).toThrow();
});

test("other words for a message that arrives while they are written still reach it", async () => {
  const { messenger } = await signedUp();
  messenger.send("a", { content: "at six", replyTo: null });
  await browser.settle();
  const [pending] = messenger.store.getState().outbox.a ?? [];
  if (!pending) throw new Error("nothing waits");
  messenger.setEdit("a", { kind: "amend", pending, content: "at sev" });
  await vi.waitFor(async () => {
    await browser.wait(100);
    browser.server.commitQueued(1);
    expect(messenger.store.getState().outbox).toEqual({});
  }, PATIENCE);
  expect(messenger.store.getState().edits.a?.content).toBe("at sev");
  messenger.amend(pending, "at seven");
  await vi.waitFor(async () => {
    await browser.wait(100);
    expect(browser.server.at("a").messages.at(-1)?.content).toBe("at seven");
  }, PATIENCE);
  await messenger.signOut();
  expect(messenger.store.getState().edits).toEqual({});
});

test("what is sent from far up shows at once, though the end can't be had yet", async () => {
  for (let seq = 1; seq <= 120; seq += 1) browser.server.say("a");
  const { messenger, tab } = await signedUp();
  const timeline = () => messenger.store.getState().timelines.a;
  const until = (check: () => void) =>
    vi.waitFor(async () => {
      await browser.wait(100);
      check();
    }, PATIENCE);
  const opening = messenger.openChat("a", 10);
  await until(() => expect(timeline()?.newer).toBe("more"));
  await opening;
  await messenger.clearCache();

  browser.delay = () => 5_000;
  messenger.send("a", { content: "on a slow network", replyTo: null });
  await until(() => expect(timeline()).toMatchObject({ newer: "end", messages: [] }));
  await browser.wait(10_000);
  browser.delay = () => 1;
  await until(() => expect(timeline()?.messages.at(-1)?.seq).toBe(120));

  const jumping = messenger.jumpTo("a", 10);
  await until(() => expect(timeline()?.newer).toBe("more"));
  await jumping;
  await messenger.clearCache();
  browser.isUp = false;
  tab.disconnect();
  messenger.send("a", { content: "on none", replyTo: null });
  await until(() => expect(timeline()).toMatchObject({ newer: "end", older: "failed", messages: [] }));
  browser.isUp = true;
  tab.connect();
  await until(() => expect(timeline()?.messages.at(-1)?.seq).toBe(120));
});

test("whose session others have ended is told how much of it was never sent", async () => {
  const session = sessionOf(nobody);
  const { messenger } = await start(session);
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  browser.isUp = false;
  for (const tab of browser.tabs) tab.disconnect();
  for (const content of ["one", "two"]) messenger.send("a", { content, replyTo: null });
  await browser.settle();
  session.revoked("revoked");
  await browser.wait(1_000);
  expect(messenger.store.getState()).toMatchObject({ endedBy: "revoked", lostAtEnd: 2, outbox: {} });
  expect(await Dexie.getDatabaseNames()).toEqual([]);
  await messenger.signIn({ identifier: "me", password: "" });
  await messenger.signOut();
  expect(messenger.store.getState()).toMatchObject({ endedBy: null, lostAtEnd: 0 });
});

test("who signs in next sees nothing of the one before", async () => {
  browser.server.say("a");
  const { messenger } = await start(sessionOf(nobody));
  await messenger.signIn({ identifier: "me", password: "" });
  await browser.wait(1_000);
  messenger.setDraft("a", { content: "secret", replyTo: null });
  await browser.wait(1_000);
  browser.isUp = false;
  await messenger.signIn({ identifier: "next", password: "" });
  await browser.wait(1_000);
  const { me, drafts, chats } = messenger.store.getState();
  expect([me?.id, drafts, chats]).toEqual(["next", {}, {}]);
  expect(await Dexie.getDatabaseNames()).toEqual(["nc-next"]);
});

test("a draft is on disk half a second later and told to other devices after ten", async () => {
  const { messenger, tab } = await start(sessionOf(nobody));
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  messenger.setDraft("a", { content: "h", replyTo: null });
  messenger.setDraft("a", { content: "hello", replyTo: null });
  await browser.wait(9_000);
  expect(tab.told).toEqual([]);
  await browser.wait(2_000);
  expect(tab.told).toEqual([["a", { draft: "hello" }]]);
});

async function signedUp() {
  const { messenger, tab } = await start(sessionOf(nobody));
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  return { messenger, tab };
}

test("a draft that was told elsewhere goes there at once when it is sent", async () => {
  const { messenger, tab } = await signedUp();
  messenger.setDraft("a", { content: "hello", replyTo: null });
  await browser.wait(11_000);
  messenger.setDraft("a", { content: "", replyTo: null });
  await browser.wait(10);
  expect(tab.told).toEqual([
    ["a", { draft: "hello" }],
    ["a", { draft: null }],
  ]);
});

test("a draft that nobody was told of needs no taking back", async () => {
  const { messenger, tab } = await signedUp();
  messenger.setDraft("a", { content: "hello", replyTo: null });
  messenger.setDraft("a", { content: "", replyTo: null });
  await browser.wait(11_000);
  expect(tab.told).toEqual([]);
});

test("other tabs hear of a draft that came and went", async () => {
  const session = sessionOf(nobody);
  const { messenger } = await start(session);
  const other = await start(session);
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  messenger.setDraft("a", { content: "half", replyTo: null });
  await browser.wait(1_000);
  expect(other.messenger.store.getState().drafts.a?.content).toBe("half");
  messenger.setDraft("a", { content: "", replyTo: null });
  await browser.wait(1_000);
  expect(other.messenger.store.getState().drafts.a).toBeUndefined();
});

test("who types without a pause has a draft on disk every two seconds", async () => {
  const { messenger, tab } = await signedUp();
  for (let count = 1; count <= 12; count += 1) {
    messenger.setDraft("a", { content: "x".repeat(count), replyTo: null });
    await browser.wait(200);
  }
  tab.kill();
  const again = await start(sessionOf(never));
  expect(again.messenger.store.getState().drafts.a?.content.length).toBeGreaterThanOrEqual(10);
});

test("a tab that is left has its draft on disk at once", async () => {
  const { messenger, tab } = await signedUp();
  messenger.setDraft("a", { content: "half", replyTo: null });
  tab.show(false);
  await browser.settle();
  tab.kill();
  const again = await start(sessionOf(never));
  expect(again.messenger.store.getState().drafts.a?.content).toBe("half");
});

test("who listens in the background for long is away until they look again", async () => {
  const { tab } = await signedUp();
  tab.show(false);
  await browser.wait(4 * 60_000);
  expect(tab.seen).toEqual([]);
  await browser.wait(2 * 60_000);
  expect(tab.seen).toEqual(["away"]);
  tab.disconnect();
  tab.connect();
  await browser.wait(1_000);
  expect(tab.seen).toEqual(["away", "away"]);
  tab.show(true);
  await browser.wait(1_000);
  expect(tab.seen).toEqual(["away", "away", "online"]);
});

test("a message is found where its chat is not open, also without the server", async () => {
  browser.server.say("a");
  const { messenger } = await signedUp();
  const id = messenger.store.getState().chats.a?.chat.lastMessage?.id ?? "";
  expect(messenger.store.getState().timelines.a).toBeUndefined();
  browser.isUp = false;
  expect(await messenger.messageOf("a", id)).toMatchObject({ id, content: "text 1" });
});

test("what the server refuses is taken back, and says why", async () => {
  browser.server.say("a");
  const { messenger } = await start(sessionOf(nobody));
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  const opening = messenger.openChat("a");
  await browser.wait(100);
  await opening;
  const content = () => messenger.store.getState().timelines.a?.messages[0]?.content;
  const message = messenger.store.getState().timelines.a?.messages[0];
  if (!message) throw new Error("a message");
  messenger.edit(message, "better");
  expect(content()).toBe("better");
  await vi.waitFor(async () => {
    await browser.wait(10);
    expect(content()).toBe("text 1");
  }, PATIENCE);
  const [change] = messenger.store.getState().changes.a ?? [];
  expect(change).toMatchObject({ state: "failed", failure: { code: "forbidden" } });
  if (change) messenger.discardChange(change);
  expect(messenger.store.getState().changes).toEqual({});
});

test("what changes while a page is on its way is newer than the page", async () => {
  browser.server.say("a");
  const { messenger } = await start(sessionOf(nobody));
  await messenger.signUp({ email: "", username: "", displayName: "", password: "" });
  await browser.wait(1_000);
  await messenger.clearCache();
  const opening = messenger.openChat("a");
  // The page is asked for and answered at 1 ms each; the events of now overtake its answer.
  browser.server.change("a", 0, () => ({ content: "edited" }));
  browser.server.say("a");
  await browser.wait(100);
  await opening;
  const { timelines } = messenger.store.getState();
  expect(timelines.a?.messages.map((message) => message.content)).toEqual(["edited", "text 2"]);
});
