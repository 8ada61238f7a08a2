/** Tabs of one browser over one bad network, in a time that the test makes. */

import { createStore } from "zustand/vanilla";
import { type Disk, openDisk } from "../../disk";
import { shown } from "../../net/connection";
import { NetError, refusedEvent } from "../../net/problem";
import type { Rest } from "../../net/rest";
import type { Socket } from "../../net/socket";
import type { ErrorCode, Me, MsgSend } from "../../wire";
import { type AccountEngine, createEngine, loadedState } from "../account-engine";
import type { Connection, Mark, State, Wish } from "../model";
import { initialState } from "../start";
import type { World } from "../world";
import { fail, ME, Server, type Told, user } from "./server";

export const AS_ME: Me = {
  ...user(ME),
  email: "me@example.com",
  emailVerified: true,
  emailSuppressed: null,
  role: "user",
  createdAt: "2026-01-01T00:00:00.000Z",
};

/** Of the machine the tests run on. */
const { setImmediate } = globalThis as unknown as { setImmediate: (work: () => void) => void };

/** The time, and what is to be done in it. */
export class Time {
  now = Date.parse("2026-02-01T00:00:00.000Z");
  private jobs: { at: number; work: () => void }[] = [];

  after(ms: number, work: () => void): () => void {
    const job = { at: this.now + ms, work };
    this.jobs.push(job);
    return () => {
      this.jobs = this.jobs.filter((other) => other !== job);
    };
  }

  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const next = this.jobs.reduce<(typeof this.jobs)[0] | null>(
        (a, b) => (a && a.at <= b.at ? a : b),
        null,
      );
      if (!next || next.at > end) break;
      this.jobs = this.jobs.filter((job) => job !== next);
      this.now = Math.max(this.now, next.at);
      next.work();
      await settle();
    }
    this.now = end;
  }
}

/** What the tabs of one browser share, and the network between them and the server. */
export class Browser {
  readonly time = new Time();
  readonly server = new Server((told) => this.spread(told));
  readonly tabs: Tab[] = [];
  /** Without it nothing is lost, doubled or late. */
  isRough = true;
  isUp = true;
  /** Of a network that is not rough, each way. */
  latency = 1;
  /** Messages asked for at once. */
  pageSize = 4;
  /** Counts lives of the server: what was on its way to an earlier one is lost, dead tabs' as well. */
  life = 0;
  private readonly locks = new Map<string, (() => void)[]>();

  constructor(
    readonly name: string,
    readonly chance: () => number,
  ) {}

  private spread(told: Told) {
    for (const tab of this.tabs) tab.hears(told);
  }

  /** The server dies, at worst with all that was only queued, and is back. */
  restart() {
    this.life += 1;
    this.server.loseQueue();
    for (const tab of this.tabs) tab.disconnect();
  }

  /** How long something takes; null when it never arrives. */
  delay(): number | null {
    if (!this.isRough) return this.latency;
    const chance = this.chance();
    if (chance < 0.1) return null;
    return chance < 0.7 ? 1 : Math.floor(chance * 900);
  }

  hold(lock: string, work: () => void): () => void {
    const queue = this.locks.get(lock) ?? [];
    this.locks.set(lock, queue);
    const grant = () => work();
    queue.push(grant);
    if (queue.length === 1) queueMicrotask(() => queue[0] === grant && grant());
    return () => {
      const at = queue.indexOf(grant);
      if (at < 0) return;
      queue.splice(at, 1);
      if (at === 0 && queue[0]) queueMicrotask(queue[0]);
    };
  }

  async open(): Promise<Tab> {
    const tab = new Tab(this);
    this.tabs.push(tab);
    await this.settle(tab.start());
    return tab;
  }

  async close(tab: Tab) {
    tab.kill();
    this.tabs.splice(this.tabs.indexOf(tab), 1);
    await this.settle();
  }

  /** Until nothing happens any more without time going on. */
  async settle(work?: Promise<unknown>): Promise<void> {
    let isDone = !work;
    work?.then(() => {
      isDone = true;
    });
    for (let idle = 0; idle < 3 || !isDone; ) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      idle = this.tabs.some((tab) => tab.pending > 0) ? 0 : idle + 1;
    }
  }

  async wait(ms: number): Promise<void> {
    await this.time.advance(ms, () => this.settle());
  }
}

export class Tab {
  readonly store = createStore<State>(() => initialState(0));
  engine: AccountEngine | null = null;
  /** What was changed of the user's own part in chats. */
  readonly told: [string, object][] = [];
  /** How its user was said to be seen. */
  readonly seen: string[] = [];
  /** Work of the disk that is under way. */
  pending = 0;
  private isAlive = true;
  private isVisible = true;
  private readonly lookers = new Set<() => void>();
  private state: Connection["name"] = "connecting";
  private connection = 0;
  private readonly listeners = new Map<string, ((body: never) => void)[]>();
  private watcher: (connection: Connection) => void = () => {};
  private readonly channel: World["channel"] = { postMessage: (body) => this.post(body), onmessage: null };

  constructor(private readonly browser: Browser) {}

  async start() {
    const world = this.world();
    const disk = this.counted(openDisk(this.browser.name, () => this.store.setState({ isCacheOff: true })));
    const loaded = await disk.load();
    this.store.setState(loadedState(AS_ME, loaded));
    const { store } = this;
    const parts = { store, disk, rest: this.rest(), socket: this.socket(), world, onProfile: () => {} };
    this.engine = createEngine(AS_ME, loaded, { ...parts, pageSize: this.browser.pageSize });
    this.engine.start();
  }

  get parts(): AccountEngine {
    return this.engine ?? fail("not started");
  }

  /** As when the process dies: nothing is said to anybody. */
  kill() {
    this.isAlive = false;
    this.engine?.stop();
    this.engine?.disk.close();
  }

  get isConnected(): boolean {
    return this.state === "syncing" || this.state === "online";
  }

  get isAsleep(): boolean {
    return this.state === "asleep";
  }

  connect() {
    if (!this.isAlive || !this.browser.isUp || this.isConnected) return;
    if (this.isAsleep) this.watcher({ name: "connecting", since: this.browser.time.now });
    this.connection += 1;
    this.state = "syncing";
    this.watcher({ name: "syncing" });
  }

  /** Nobody has looked at it for minutes. What its engine hears of that is the socket's to say. */
  sleep() {
    this.connection += 1;
    this.state = "asleep";
    const told = shown({ phase: { name: "asleep" }, isNetworkUp: true, downSince: 0 });
    if (told) this.watcher(told);
  }

  disconnect() {
    if (this.isAsleep) return;
    this.connection += 1;
    this.state = "connecting";
    this.watcher({ name: "connecting", since: 0 });
  }

  hears({ event, body }: Told) {
    if (!this.isConnected) return;
    const times = this.browser.isRough && this.browser.chance() < 0.1 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const delay = this.browser.delay();
      const copy = structuredClone(body) as never;
      const { connection } = this;
      if (delay === null) continue;
      this.browser.time.after(delay, () => {
        // What a lost connection carried never comes.
        if (connection === this.connection) for (const hear of this.listeners.get(event) ?? []) hear(copy);
      });
    }
  }

  show(isVisible: boolean) {
    this.isVisible = isVisible;
    for (const look of this.lookers) look();
  }

  private post(body: unknown) {
    const others = this.browser.tabs.filter((tab) => tab !== this);
    for (const tab of others) {
      queueMicrotask(() =>
        tab.channel.onmessage?.call({} as BroadcastChannel, { data: body } as MessageEvent),
      );
    }
  }

  world(): World {
    const { time, chance } = this.browser;
    return {
      now: () => time.now,
      random: chance,
      after: (ms, work) => time.after(ms, () => this.isAlive && work()),
      hold: (lock, work) => this.browser.hold(lock, () => this.isAlive && work()),
      exclusively: (_, work) => work(),
      channel: this.channel,
      isVisible: () => this.isVisible,
      onVisibility: (work) => {
        this.lookers.add(work);
        return () => this.lookers.delete(work);
      },
      storageUsed: async () => 0,
      persist: () => {},
    };
  }

  /** Asked and answered over the network, at some time or never. */
  private ask<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const { connection } = this;
      const { life } = this.browser;
      const lost = () => reject(unanswered());
      const [there, back] = [this.browser.delay(), this.browser.delay()];
      const { time } = this.browser;
      if (there === null) return time.after(15_000, lost);
      time.after(there, () => {
        const isOpen = this.browser.isUp && life === this.browser.life && connection === this.connection;
        if (!isOpen) return lost();
        let answer: T;
        try {
          answer = structuredClone(work());
        } catch (error) {
          return reject(error);
        }
        if (back === null) return time.after(15_000, lost);
        time.after(back, () => (connection === this.connection ? resolve(answer) : lost()));
      });
    });
  }

  socket(): Socket {
    const { server } = this.browser;
    const answers: Record<string, (body: never) => unknown> = {
      sync: (body) => server.sync(body),
      "sync:check": ({ userRev, chats }: { userRev: number; chats: Record<string, number> }) => ({
        stale: server.stale(chats),
        userStale: userRev !== server.userRev(),
      }),
      "msg:send": (sends: MsgSend[]) => answerSends(server, sends),
      "msg:delivered": ({ chatId, seq }: { chatId: string; seq: number }) =>
        server.reach(ME, chatId, seq, false) ?? { ok: true },
      "msg:read": ({ chatId, seq }: { chatId: string; seq: number }) =>
        server.reach(ME, chatId, seq, true) ?? { ok: true },
      "presence:subscribe": () => [],
      "presence:set": ({ status }: { status: string }) => {
        this.seen.push(status);
        return { ok: true };
      },
    };
    const emit = (event: string, body: never) =>
      this.isConnected
        ? this.ask(() => (answers[event] ?? (() => ({ ok: true })))(body))
        : Promise.reject(unanswered());
    return {
      on: (event, listener) => {
        this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
        return () => {};
      },
      onState: (watcher) => {
        this.watcher = watcher;
        return () => {};
      },
      emit: emit as Socket["emit"],
      start: () => this.connect(),
      stop: () => {},
      synced: () => {
        this.state = "online";
        this.watcher({ name: "online" });
      },
      reopen: () => {},
    };
  }

  rest(): Rest {
    const { server } = this.browser;
    const rest = {
      chats: {
        get: (id: string) => this.ask(() => server.view(server.at(id))),
        mine: (id: string, patch: object, key?: string) =>
          this.ask(() => {
            this.told.push([id, patch]);
            if (key === undefined) return server.view(server.at(id));
            return granted(server.mark(id, markOf(patch), key));
          }),
        members: (id: string) => this.ask(() => server.members(id)),
      },
      messages: {
        pins: (id: string) => this.ask(() => ({ items: server.pins(id), nextCursor: null })),
        page: (id: string, wish: object) => this.ask(() => server.page(id, wish)),
        edit: (id: string, content: string, key: string) => this.wish(id, { kind: "edit", content }, key),
        remove: (id: string, scope: string, key: string) =>
          this.wish(id, { kind: scope === "me" ? "hide" : "delete" }, key),
        react: (id: string, emoji: string, on: boolean, key: string) =>
          this.wish(id, { kind: "react", emoji, on }, key),
        pin: (id: string, on: boolean, key: string) => this.wish(id, { kind: "pin", on }, key),
        star: (id: string, on: boolean, key: string) => this.wish(id, { kind: "star", on }, key),
        get: (id: string) => this.ask(() => ({ ...granted(server.find(id)?.message ?? "not_found") })),
      },
      users: { get: (id: string) => this.ask(() => user(id)) },
    };
    return rest as unknown as Rest;
  }

  private wish(id: string, wish: Wish, key: string) {
    return this.ask(() => granted(this.browser.server.wish(id, wish, key)));
  }

  /** So that a test knows when all is written and read. */
  private counted(disk: Disk): Disk {
    const wrap = (method: unknown) =>
      typeof method === "function" ? this.count(method as (...args: unknown[]) => unknown) : method;
    return Object.fromEntries(Object.entries(disk).map(([name, it]) => [name, wrap(it)])) as unknown as Disk;
  }

  private count(method: (...args: unknown[]) => unknown) {
    return (...args: unknown[]) => {
      const result: unknown = method(...args);
      if (!(result instanceof Promise)) return result;
      this.pending += 1;
      return result.finally(() => {
        this.pending -= 1;
      });
    };
  }
}

function granted<T extends object>(answer: T | ErrorCode): T {
  if (typeof answer === "object") return answer;
  throw refusedEvent({ code: answer, message: "no", retryable: false });
}

function markOf(patch: object): Mark {
  const [[name, value] = []] = Object.entries(patch);
  return { name, value } as Mark;
}

function answerSends(server: Server, sends: MsgSend[]): unknown[] {
  const answers: unknown[] = [];
  for (const send of sends) {
    const sent = server.accept(send);
    const isRefused = typeof sent === "string";
    answers.push(isRefused ? { error: { code: sent, message: "no", retryable: false } } : sent);
    if (isRefused) break;
  }
  return answers;
}

function unanswered(): NetError {
  const error = refusedEvent({ code: "unavailable", message: "no answer", retryable: true });
  return new NetError({ ...error.failure, code: "offline" });
}
