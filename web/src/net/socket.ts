/** The live connection: does what `connection.ts` says, and checks what comes in. */

import { Manager, type Socket as Namespace } from "socket.io-client";
import * as v from "valibot";
import type { Connection } from "../sync/model";
import {
  CLIENT_EVENTS,
  type ClientEvents,
  type EventRefusal,
  type MsgSend,
  type MsgSent,
  type PresenceUpdate,
  SERVER_EVENTS,
  type ServerEvents,
} from "../wire";
import * as schemas from "../wire/schemas";
import { type Happening, type Link, next, STOPPED, shown } from "./connection";
import { ackSchemas, eventSchemas } from "./events";
import { refusedEvent, unanswered, unreadable } from "./problem";
import type { Session } from "./session";

export interface Socket {
  on<E extends keyof ServerEvents>(event: E, listener: (body: ServerEvents[E]) => void): () => void;
  /** `syncing` once connected, `online` when `synced` was called after that. */
  onState(listener: (connection: Connection) => void): () => void;
  /**
   * What the server acknowledges; its refusal rejects. Code `offline`: whether it was done is not
   * known. Nothing is kept to be sent later.
   */
  emit<E extends keyof ClientEvents, B extends Body<E>>(event: E, body: B): Promise<Ack<E, B>>;
  start(): void;
  stop(): void;
  /** All that happened while there was no connection is known. */
  synced(): void;
  /** Connects anew, with the cookies of now. */
  reopen(): void;
}

export type Body<E extends keyof ClientEvents> = E extends "msg:send"
  ? MsgSend | MsgSend[]
  : ClientEvents[E]["payload"];

/** A list of messages is acknowledged with a list that ends at the first refusal. */
export type Ack<E extends keyof ClientEvents, B> = E extends "msg:send"
  ? B extends MsgSend[]
    ? (MsgSent | EventRefusal)[]
    : MsgSent
  : E extends "presence:subscribe"
    ? PresenceUpdate[]
    : ClientEvents[E]["ack"];

/** What of the page is used. */
export interface Page {
  isOnline(): boolean;
  isVisible(): boolean;
  listen(happened: (what: "online" | "offline" | "visibility") => void): () => void;
}

/** Lets one of the hidden tabs keep its connection, where what it hears is told. */
export interface Ears {
  isWanted(): boolean;
  isHeld(): boolean;
  /** Calls back once this tab is the one. Answers how to give that up. */
  claim(granted: () => void): () => void;
}

export interface SocketOptions {
  session: Session;
  ears?: Ears;
  manager?: Pick<Manager, "socket">;
  page?: Page;
}

const ANSWER_MS = 15_000;
const HIDDEN_MS = 5 * 60_000;
const SIDE_RETRY_MS = 5_000;

/** No tab listens in the background. */
const DEAF: Ears = { isWanted: () => false, isHeld: () => false, claim: () => () => {} };

const refusal = v.object({ error: schemas.eventError });

export function openSocket(options: SocketOptions): Socket {
  const { session, ears = DEAF, manager = newManager(), page = browserPage() } = options;
  const spaces = {
    "/chat": manager.socket("/chat", {}),
    "/presence": manager.socket("/presence", {}),
    "/typing": manager.socket("/typing", {}),
  };
  const chat = spaces["/chat"];
  const sides = [spaces["/presence"], spaces["/typing"]];
  const watchers = new Set<(connection: Connection) => void>();
  const timers = { phase: 0, hidden: 0, sides: 0 };
  let link: Link = STOPPED;
  let told: Connection | null = null;
  let tokens = 0;
  let unlisten = () => {};
  let unclaim: (() => void) | null = null;

  function happens(happening: Happening) {
    const before = link;
    link = next(before, happening, Date.now(), Math.random());
    if (link === before) return;
    if (link.phase !== before.phase) follow(before.phase, link.phase);
    tell(shown(link));
  }

  function tell(state: Connection | null) {
    if (!state || (told && isSame(told, state))) return;
    told = state;
    for (const watcher of watchers) watcher(state);
  }

  function follow(before: Link["phase"], phase: Link["phase"]) {
    clearTimeout(timers.phase);
    const wasConnected = before.name === "open" || before.name === "opening";
    if (wasConnected && phase.name !== "open") hangUp();
    if (phase.name === "opening") call();
    if (isRenewing(phase) && !isRenewing(before)) renew();
    if (phase.name === "opening" || phase.name === "resting") {
      timers.phase = later(phase.until - Date.now(), () => happens({ name: "due" }));
    }
  }

  function call() {
    tokens = session.generation();
    chat.connect();
  }

  function hangUp() {
    clearTimeout(timers.sides);
    for (const space of Object.values(spaces)) space.disconnect();
  }

  function renew() {
    session.refresh(tokens).then(
      (isRenewed) => happens({ name: isRenewed ? "renewed" : "over" }),
      () => happens({ name: "notRenewed" }),
    );
  }

  function connectSides() {
    for (const side of sides) if (!side.active) side.connect();
  }

  chat.on("connect", () => {
    happens({ name: "opened" });
    connectSides();
  });
  chat.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") happens({ name: "lost" });
  });
  chat.on("connect_error", (error) => happens(refusalOf(error)));
  for (const side of sides) {
    side.on("connect_error", () => {
      clearTimeout(timers.sides);
      timers.sides = later(SIDE_RETRY_MS, () => chat.connected && connectSides());
    });
  }

  const on: Socket["on"] = (event, listener) => {
    const space: Namespace = spaces[SERVER_EVENTS[event]];
    const schema = eventSchemas[event];
    const checked = (body: unknown) => {
      const read = v.safeParse(schema, body);
      // An event that can't be read is as good as lost, and `sync` finds what is lost.
      if (read.success) listener(read.output as Parameters<typeof listener>[0]);
    };
    const name: string = event;
    space.on(name, checked);
    return () => space.off(name, checked);
  };

  on("server:draining", ({ reconnectAfterMs }) => happens({ name: "draining", reconnectAfterMs }));
  on("auth:expiring", () => happens({ name: "expiring" }));
  on("session:revoked", ({ reason }) => {
    happens({ name: "over" });
    session.revoked(reason);
  });

  function watchVisibility() {
    clearTimeout(timers.hidden);
    if (page.isVisible()) {
      letGo();
      happens({ name: "shown" });
    } else {
      // From the start, so that the tab that was looked at last is the one that listens.
      unclaim ??= ears.claim(listenIfAsleep);
      timers.hidden = later(HIDDEN_MS, rest);
    }
  }

  function rest() {
    if (!ears.isWanted()) letGo();
    if (!ears.isHeld()) happens({ name: "hiddenLong" });
  }

  /** The one that listened is gone. */
  function listenIfAsleep() {
    if (link.phase.name !== "asleep") return;
    if (ears.isWanted()) happens({ name: "shown" });
    else letGo();
  }

  function letGo() {
    unclaim?.();
    unclaim = null;
  }

  return {
    on,
    onState(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    emit: (event, body) => emit(spaces[CLIENT_EVENTS[event]], chat.connected, event, body),
    start() {
      if (link.phase.name !== "stopped") return;
      unlisten = page.listen((what) => {
        if (what === "visibility") watchVisibility();
        else happens({ name: what === "online" ? "networkUp" : "networkDown" });
      });
      if (!page.isOnline()) happens({ name: "networkDown" });
      happens({ name: "start" });
      watchVisibility();
    },
    stop() {
      unlisten();
      letGo();
      clearTimeout(timers.hidden);
      happens({ name: "stop" });
    },
    synced: () => happens({ name: "synced" }),
    reopen: () => happens({ name: "reopen" }),
  };
}

async function emit<E extends keyof ClientEvents, B extends Body<E>>(
  space: Namespace,
  isConnected: boolean,
  event: E,
  body: B,
): Promise<Ack<E, B>> {
  // Namespaces beside /chat follow it in a moment, and are waited for.
  if (!isConnected) throw unanswered();
  const answer: unknown = await space
    .timeout(ANSWER_MS)
    .emitWithAck(event, body)
    .catch(() => {
      throw unanswered();
    });
  const refused = v.safeParse(refusal, answer);
  if (refused.success) throw refusedEvent(refused.output.error);
  const read = v.safeParse(ackSchemas[event], answer);
  if (!read.success) throw unreadable();
  return read.output as Ack<E, B>;
}

function refusalOf(error: Error & { data?: unknown }): Happening {
  const read = v.safeParse(schemas.connectRefusal, error.data);
  if (!read.success) return { name: "failed" };
  const { code, retryAfterMs } = read.output;
  return { name: "refused", code, retryAfterMs: retryAfterMs ?? null };
}

function isRenewing(phase: Link["phase"]): boolean {
  return phase.name === "renewing" || (phase.name === "open" && phase.isRenewing);
}

function isSame(one: Connection, other: Connection): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function later(ms: number, work: () => void): number {
  return Number(setTimeout(work, Math.max(ms, 0)));
}

/** Tries are ours to time: the manager's own would know nothing of tokens and of what was asked. */
function newManager(): Manager {
  return new Manager(location.origin, {
    autoConnect: false,
    reconnection: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    closeOnBeforeunload: true,
  });
}

function browserPage(): Page {
  return {
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === "visible",
    listen(happened) {
      const off = new AbortController();
      const { signal } = off;
      addEventListener("online", () => happened("online"), { signal });
      addEventListener("offline", () => happened("offline"), { signal });
      document.addEventListener("visibilitychange", () => happened("visibility"), { signal });
      return () => off.abort();
    },
  };
}
