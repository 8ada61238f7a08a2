import type { Manager } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Connection } from "../sync/model";
import type { Session } from "./session";
import { openSocket, type Page } from "./socket";

/** A namespace whose server is the test. */
class FakeSpace {
  private readonly listeners = new Map<string, ((...body: unknown[]) => void)[]>();
  connected = false;
  active = false;
  calls = 0;
  acked: unknown = { ok: true };

  connect() {
    this.calls += 1;
    this.active = true;
  }
  disconnect() {
    const was = this.connected;
    this.connected = false;
    this.active = false;
    if (was) this.server("disconnect", "io client disconnect");
  }
  timeout() {
    return { emitWithAck: async () => this.acked };
  }
  accept() {
    this.connected = true;
    this.server("connect");
  }
  lose() {
    this.connected = false;
    this.server("disconnect", "transport close");
  }
  refuse(data?: object) {
    this.active = false;
    this.server("connect_error", Object.assign(new Error("refused"), { data }));
  }
  on(event: string, listener: (...body: unknown[]) => void) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
  server(event: string, ...body: unknown[]) {
    for (const listener of this.listeners.get(event) ?? []) listener(...body);
  }
}

function setup(refresh: () => Promise<boolean> = async () => true) {
  const chat = new FakeSpace();
  const presence = new FakeSpace();
  const typing = new FakeSpace();
  const spaces: Record<string, FakeSpace> = { "/chat": chat, "/presence": presence, "/typing": typing };
  const session = { generation: () => 7, refresh: vi.fn(refresh), revoked: vi.fn() };
  const view = { isOnline: true, isVisible: true, happened: (_: "online" | "offline" | "visibility") => {} };
  const page: Page = {
    isOnline: () => view.isOnline,
    isVisible: () => view.isVisible,
    listen(happened) {
      view.happened = happened;
      return () => {};
    },
  };
  const ears = {
    isWanted: vi.fn(() => true),
    isHeldNow: false,
    claims: [] as (() => void)[],
    isHeld: () => ears.isHeldNow,
    claim(granted: () => void) {
      const grant = () => {
        ears.isHeldNow = true;
        granted();
      };
      ears.claims.push(grant);
      return () => {
        ears.isHeldNow = false;
        ears.claims = ears.claims.filter((other) => other !== grant);
      };
    },
  };
  const socket = openSocket({
    session: session as unknown as Session,
    ears,
    manager: { socket: (name: string) => spaces[name] } as unknown as Pick<Manager, "socket">,
    page,
  });
  const states: Connection["name"][] = [];
  socket.onState((state) => states.push(state.name));
  socket.start();
  return { chat, presence, typing, session, view, socket, states, ears };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("connecting", () => {
  test("the other namespaces follow the chat", () => {
    const { chat, presence, typing, socket, states } = setup();
    expect([chat.calls, presence.calls]).toEqual([1, 0]);
    chat.accept();
    expect([presence.calls, typing.calls]).toEqual([1, 1]);
    socket.synced();
    expect(states).toEqual(["connecting", "syncing", "online"]);
  });

  test("a lost connection is tried again by itself", () => {
    const { chat, states } = setup();
    chat.accept();
    chat.lose();
    vi.advanceTimersByTime(999);
    expect(chat.calls).toBe(1);
    vi.advanceTimersByTime(1);
    expect(chat.calls).toBe(2);
    expect(states.at(-1)).toBe("connecting");
  });

  test("a handshake that nobody answers is given up for another", () => {
    const { chat } = setup();
    vi.advanceTimersByTime(21_000);
    expect(chat.calls).toBe(2);
  });

  test("a server that goes is left alone for as long as it asked", () => {
    const { chat, states } = setup();
    chat.accept();
    chat.server("server:draining", { reconnectAfterMs: 9_000 });
    chat.lose();
    expect(states).toEqual(["connecting", "syncing", "waiting"]);
    vi.advanceTimersByTime(8_999);
    expect(chat.calls).toBe(1);
    vi.advanceTimersByTime(1);
    expect(chat.calls).toBe(2);
  });

  test("a tab that is hidden for five minutes lets go, and comes back when it is looked at", () => {
    const { chat, view, states } = setup();
    chat.accept();
    view.isVisible = false;
    view.happened("visibility");
    vi.advanceTimersByTime(5 * 60_000);
    expect(chat.connected).toBe(false);
    expect(states.at(-1), "told, so that it leaves the work to others").toBe("asleep");
    vi.advanceTimersByTime(60 * 60_000);
    expect(chat.calls).toBe(1);
    view.isVisible = true;
    view.happened("visibility");
    expect(chat.calls).toBe(2);
  });
});

describe("in the background, where notifications are wanted,", () => {
  function hidden() {
    const parts = setup();
    parts.chat.accept();
    parts.view.isVisible = false;
    parts.view.happened("visibility");
    return parts;
  }

  test("one tab goes on listening", () => {
    const { chat, ears, view } = hidden();
    ears.claims[0]?.();
    vi.advanceTimersByTime(60 * 60_000);
    expect([chat.connected, chat.calls]).toEqual([true, 1]);
    view.isVisible = true;
    view.happened("visibility");
    expect(ears.claims).toEqual([]);
  });

  test("another one sleeps until it is needed", () => {
    const { chat, ears } = hidden();
    vi.advanceTimersByTime(5 * 60_000);
    expect(chat.connected).toBe(false);
    ears.claims[0]?.();
    expect(chat.calls).toBe(2);
  });

  test("nobody listens once they are not", () => {
    const { chat, ears } = hidden();
    ears.claims[0]?.();
    ears.isWanted.mockReturnValue(false);
    vi.advanceTimersByTime(5 * 60_000);
    expect(chat.connected).toBe(false);
  });
});

describe("tokens", () => {
  test("that ran out are renewed, and the handshake is made again", async () => {
    const { chat, session } = setup();
    chat.refuse({ code: "token_expired" });
    expect(session.refresh).toHaveBeenCalledWith(7);
    await vi.advanceTimersByTimeAsync(0);
    expect(chat.calls).toBe(2);
  });

  test("that are about to run out are renewed, and the connection is opened anew with them", async () => {
    const { chat, session, states } = setup();
    chat.accept();
    chat.server("auth:expiring", { expiresAt: "2026-01-03T10:00:00.000Z" });
    expect(chat.connected).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.refresh).toHaveBeenCalledTimes(1);
    expect([chat.connected, chat.calls]).toEqual([false, 2]);
    chat.accept();
    expect(states.at(-1)).toBe("syncing");
  });

  test("of a session that is over end all tries", async () => {
    const { chat } = setup(async () => false);
    chat.refuse({ code: "unauthenticated" });
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(chat.calls).toBe(1);
  });

  test("of a session that was ended elsewhere sign this tab out", () => {
    const { chat, session } = setup();
    chat.accept();
    chat.server("session:revoked", { reason: "theft" });
    expect(session.revoked).toHaveBeenCalledWith("theft");
    expect(chat.connected).toBe(false);
  });
});

describe("what is sent", () => {
  test("without a connection is not done, and nobody keeps it", async () => {
    const { socket } = setup();
    await expect(socket.emit("sync:check", { userRev: 0, chats: {} })).rejects.toMatchObject({
      failure: { code: "offline" },
    });
  });

  test("and refused rejects with the server's reason", async () => {
    const { chat, socket } = setup();
    chat.accept();
    chat.acked = {
      error: { code: "rate_limited", message: "slow down", retryable: true, retryAfterMs: 500 },
    };
    await expect(socket.emit("msg:edit", { id: "m1", content: "x" })).rejects.toMatchObject({
      failure: { code: "rate_limited", retryAfterMs: 500, isRetryable: true },
    });
  });

  test("as a list is acknowledged as a list, with its refusal in it", async () => {
    const { chat, socket } = setup();
    chat.accept();
    const sent = { status: "queued", id: "m1", clientId: "c1" };
    const error = { code: "validation", message: "empty", retryable: false };
    chat.acked = [sent, { error }];
    const answer = await socket.emit("msg:send", [{ chatId: "c", clientId: "c1", content: "hello" }]);
    expect(answer).toMatchObject([sent, { error }]);
  });

  test("and acknowledged with something else is not taken for done", async () => {
    const { chat, socket } = setup();
    chat.accept();
    chat.acked = { status: 1 };
    await expect(socket.emit("msg:edit", { id: "m1", content: "x" })).rejects.toMatchObject({
      failure: { code: "unavailable" },
    });
  });
});

test("an event that can't be read is as good as lost", () => {
  const { chat, socket } = setup();
  const heard: unknown[] = [];
  socket.on("status:read", (status) => heard.push(status));
  const status = { chatId: "c", userId: "u", seq: 3, at: "2026-01-03T10:00:00.000Z" };
  chat.server("status:read", { ...status, seq: -1 });
  chat.server("status:read", null);
  chat.server("status:read", { ...status, later: "more" });
  expect(heard).toEqual([status]);
});
