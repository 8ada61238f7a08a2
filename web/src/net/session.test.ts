import { beforeEach, describe, expect, test, vi } from "vitest";
import type { NetError } from "./problem";
import { createSession, type Session, type Surroundings } from "./session";

const ANN = {
  id: "a",
  username: "ann",
  displayName: "Ann",
  about: "",
  email: "a@b.c",
  emailVerified: false,
  emailSuppressed: null,
  role: "user",
  createdAt: "2026-01-03T10:00:00.000Z",
};

/** A server of one account, and a browser whose tabs share cookies, storage, locks and a channel. */
function world() {
  const server = {
    isReachable: true,
    isSessionAlive: true,
    isTokenFresh: false,
    asked: [] as string[],
    /** To hold an answer back. */
    pause: Promise.resolve(),
  };
  const shelf = new Map<string, string>();
  const channels: { onmessage: Surroundings["channel"]["onmessage"] }[] = [];
  const online: (() => void)[] = [];
  const timers = new Set<{ at: number; work: () => void; tab: number }>();
  const tabs: Session[] = [];
  let now = 1_000_000;
  let lock: Promise<unknown> = Promise.resolve();

  async function answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    server.asked.push(path);
    await server.pause;
    if (!server.isReachable) throw new TypeError("Failed to fetch");
    const refused = Response.json({ code: "unauthenticated", title: "no" }, { status: 401 });
    const signedIn = () => {
      server.isTokenFresh = true;
      return Response.json({ user: ANN, expiresIn: 900 });
    };
    if (path === "/auth/login") {
      server.isSessionAlive = true;
      return signedIn();
    }
    if (path === "/auth/logout") {
      server.isSessionAlive = false;
      return new Response(null, { status: 204 });
    }
    if (!server.isSessionAlive) return refused;
    if (path === "/auth/refresh") return signedIn();
    return server.isTokenFresh ? Response.json({ user: ANN }) : refused;
  }

  function tab() {
    const channel: Surroundings["channel"] = {
      onmessage: null,
      postMessage(data) {
        for (const other of channels) {
          if (other !== channel)
            queueMicrotask(() => other.onmessage?.call({} as BroadcastChannel, { data } as MessageEvent));
        }
      },
    };
    channels.push(channel);
    const number = tabs.length;
    const session = createSession({
      base: "http://chat.test",
      fetch: answer,
      shelf: {
        getItem: (key) => shelf.get(key) ?? null,
        setItem: (key, value) => void shelf.set(key, value),
        removeItem: (key) => void shelf.delete(key),
      },
      channel,
      exclusively: (_, work) => {
        const turn = lock.then(work);
        lock = turn.catch(() => {});
        return turn;
      },
      now: () => now,
      after(ms, work) {
        const timer = { at: now + ms, work, tab: number };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      whenOnline: (work) => online.push(work),
    });
    tabs.push(session);
    return session;
  }

  function close(tab: Session) {
    for (const timer of timers) if (tabs[timer.tab] === tab) timers.delete(timer);
  }

  async function pass(ms: number) {
    now += ms;
    for (const timer of [...timers].filter((it) => it.at <= now)) {
      timers.delete(timer);
      timer.work();
    }
    await settle();
  }

  function goOnline() {
    for (const work of online) work();
  }

  return { server, shelf, tab, close, pass, goOnline };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const wish = { identifier: "ann", password: "secret" };
const question = () => new Request("http://chat.test/api/v1/users/me");

let here: ReturnType<typeof world>;
beforeEach(() => {
  here = world();
});

const refreshes = () => here.server.asked.filter((path) => path === "/auth/refresh").length;

describe("a first visit", () => {
  test("asks the server nothing", async () => {
    expect(await here.tab().resume()).toBeNull();
    expect(here.server.asked).toEqual([]);
  });
});

describe("over several tabs", () => {
  test("signing in and out in one is signing in and out in all", async () => {
    const [one, two] = [here.tab(), here.tab()];
    await one.signIn(wish);
    await settle();
    expect(two.state()).toMatchObject({ name: "signed-in", me: { id: "a" } });
    await two.signOut();
    await settle();
    expect(one.state().name).toBe("signed-out");
  });

  test("a token that ran out is renewed once, however many questions were refused", async () => {
    const tabs = [here.tab(), here.tab(), here.tab()];
    await tabs[0]?.signIn(wish);
    await here.pass(60_000);
    here.server.isTokenFresh = false;
    const answers = await Promise.all(tabs.flatMap((tab) => [tab.fetch(question()), tab.fetch(question())]));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(refreshes()).toBe(1);
  });

  test("a token is renewed a minute before it ends, once", async () => {
    const tabs = [here.tab(), here.tab()];
    await tabs[0]?.signIn(wish);
    await settle();
    await here.pass(839_000);
    expect(refreshes()).toBe(0);
    await here.pass(1_000);
    expect(refreshes()).toBe(1);
    for (const tab of tabs) expect(tab.generation()).toBe(1_840_000);
    await here.pass(840_000);
    expect(refreshes()).toBe(2);
  });

  test("the next tab renews when the one that did so is gone", async () => {
    const [one, two] = [here.tab(), here.tab()];
    await one.signIn(wish);
    await settle();
    await here.pass(840_000);
    here.close(one);
    await here.pass(840_000);
    expect(refreshes()).toBe(2);
    expect(two.state().name).toBe("signed-in");
  });

  test("a session that the server has ended is over in all", async () => {
    const [one, two] = [here.tab(), here.tab()];
    await one.signIn(wish);
    await here.pass(60_000);
    here.server.isSessionAlive = false;
    expect((await one.fetch(question())).status).toBe(401);
    await settle();
    expect([one.state(), two.state()]).toEqual([
      { name: "signed-out", reason: "expired" },
      { name: "signed-out", reason: "expired" },
    ]);
  });
});

describe("without an answer", () => {
  test("nobody is signed out", async () => {
    const one = here.tab();
    await one.signIn(wish);
    await here.pass(60_000);
    here.server.isReachable = false;
    const error = await one.refresh().catch((error: NetError) => error);
    expect(error).toMatchObject({ failure: { code: "offline", isRetryable: true } });
    expect(one.state().name).toBe("signed-in");
    expect(here.tab().lastUserId()).toBe("a");
  });

  test("renewing is tried again, while the server would still give the same answer", async () => {
    const one = here.tab();
    await one.signIn(wish);
    here.server.isReachable = false;
    const limit = vi.spyOn(AbortSignal, "timeout");
    await here.pass(840_000);
    const grace = 30_000;
    expect((limit.mock.lastCall?.[0] ?? grace) + 5_000).toBeLessThan(grace);
    here.server.isReachable = true;
    await here.pass(5_000);
    expect(refreshes()).toBe(2);
    expect(one.state().name).toBe("signed-in");
  });

  test("renewing is tried for long, less and less eagerly", async () => {
    await here.tab().signIn(wish);
    here.server.isReachable = false;
    await here.pass(840_000);
    for (let second = 0; second < 120; second += 1) await here.pass(1_000);
    expect(refreshes()).toBe(1 + 6 + 3);
  });

  test("who is signed in is asked again until it is known", async () => {
    await here.tab().signIn(wish);
    await settle();
    here.server.isReachable = false;
    const other = here.tab();
    await expect(other.resume()).rejects.toMatchObject({ failure: { code: "offline" } });
    await here.pass(5_000);
    expect(other.state().name).toBe("unknown");
    here.server.isReachable = true;
    await here.pass(5_000);
    expect(other.state()).toMatchObject({ name: "signed-in", me: { id: "a" } });
    const asked = here.server.asked.length;
    await here.pass(60_000);
    expect(here.server.asked).toHaveLength(asked);
  });

  test("renewing is tried at once when the network is back", async () => {
    const one = here.tab();
    await one.signIn(wish);
    here.server.isReachable = false;
    await here.pass(840_000);
    here.server.isReachable = true;
    here.goOnline();
    await settle();
    expect(refreshes()).toBe(2);
    await here.pass(60_000);
    expect(refreshes(), "and the try that was planned is off").toBe(2);
  });

  test("signing out holds, over a reload, and the server hears of it later", async () => {
    const one = here.tab();
    await one.signIn(wish);
    here.server.isReachable = false;
    await one.signOut();
    await settle();
    const reloaded = here.tab();
    expect(reloaded.lastUserId()).toBeNull();
    expect(await reloaded.resume()).toBeNull();
    await settle();
    expect(here.server.isSessionAlive).toBe(true);
    here.server.isReachable = true;
    here.goOnline();
    await settle();
    expect(here.server.isSessionAlive).toBe(false);
    expect(here.shelf.size).toBe(0);
  });
});

/** The server answers nothing until what this gives is called. */
function pause(): () => void {
  let release = () => {};
  here.server.pause = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

describe("when somebody else signs in", () => {
  async function askedAsAnn() {
    const one = here.tab();
    await one.signIn(wish);
    await here.pass(60_000);
    const release = pause();
    const answer = one.fetch(question()).catch((error: NetError) => error.failure.code);
    await vi.waitFor(() => expect(here.server.asked).toContain("/users/me"), { timeout: 30_000 });
    const hint = JSON.parse(here.shelf.get("nc_session") ?? "{}");
    return {
      answer,
      release,
      become: (userId: string) =>
        here.shelf.set("nc_session", JSON.stringify({ ...hint, userId, generation: 9e9 })),
    };
  }

  test("what the one before has asked for is not answered any more", async () => {
    const { answer, release, become } = await askedAsAnn();
    become("bob");
    release();
    expect(await answer).toBe("offline");
  });

  test("what was refused to the one before is not asked for again", async () => {
    const { answer, release, become } = await askedAsAnn();
    here.server.isTokenFresh = false;
    become("bob");
    release();
    expect(await answer).toBe("offline");
    expect(here.server.asked.filter((path) => path === "/users/me")).toHaveLength(1);
  });
});

test("signing out while tokens are being renewed is not undone by their coming", async () => {
  const one = here.tab();
  await one.signIn(wish);
  await here.pass(60_000);
  const release = pause();
  const renewal = one.refresh();
  await vi.waitFor(() => expect(refreshes()).toBe(1), { timeout: 30_000 });
  await one.signOut();
  release();
  expect(await renewal).toBe(false);
  await settle();
  expect(one.state().name).toBe("signed-out");
  expect(here.server.isSessionAlive).toBe(false);
});
