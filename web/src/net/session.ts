/**
 * Who is signed in, over all tabs. Tokens are in cookies that no script can read: all that is known
 * here is what the server answered and the hint about it that the tabs share.
 */

import * as v from "valibot";
import type { Me, PasskeyRequest, RevokeReason, UsedCredential, UserId } from "../wire";
import { passkeyRequest } from "../wire/passkeys";
import { me as meSchema } from "../wire/schemas";
import { createAgain } from "./again";
import { createHints } from "./hint";
import { exclusively } from "./locks";
import { NetError, refusedWith, unanswered, unreadable } from "./problem";
import { type Shelf, shelf } from "./shelf";

export type SessionState =
  | { name: "unknown" }
  /** `reason`: ended by somebody else. `expired`: its time was over. */
  | { name: "signed-out"; reason: RevokeReason | "expired" | null }
  | { name: "signed-in"; me: Me };

export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Who was here last, before any network answers: whose cache may be shown. */
  lastUserId(): UserId | null;
  /** Asks who we are; null when signed out. Rejects with code `offline` when nobody answers. */
  resume(): Promise<Me | null>;
  signUp(wish: { email: string; username: string; displayName: string; password: string }): Promise<Me>;
  signIn(wish: { identifier: string; password: string; totp?: string }): Promise<Me>;
  /** `prove`: the browser's part. */
  signInByPasskey(prove: (question: PasskeyRequest) => Promise<UsedCredential>): Promise<Me>;
  /** Of an account elsewhere. */
  signInByTicket(wish: { ticket: string; totp?: string }): Promise<Me>;
  signUpByTicket(wish: {
    ticket: string;
    username: string;
    displayName: string;
    email?: string;
  }): Promise<Me>;
  /** The account was to be deleted, and the latest sign-in here has taken that back. */
  hasStayed(): boolean;
  /** Done here at once, also offline; the server hears of it as soon as it can. */
  signOut(): Promise<void>;
  signOutEverywhere(): Promise<void>;
  /** Which tokens the browser holds: another number after each renewal, in whatever tab. */
  generation(): number;
  /**
   * Renews the tokens, once over all tabs: nothing is asked if those in hand are no longer `seen`.
   * False: the session is over. Rejects when that is not known.
   */
  refresh(seen?: number): Promise<boolean>;
  /** The server said that this session has ended. */
  revoked(reason: RevokeReason): void;
  /** `fetch` that renews once where a token has run out, and gives up after a while. */
  fetch(request: Request): Promise<Response>;
}

/** What of the browser is used, so that tests can be several tabs. */
export interface Surroundings {
  base: string;
  fetch(request: Request): Promise<Response>;
  shelf: Shelf;
  channel: Pick<BroadcastChannel, "postMessage" | "onmessage">;
  exclusively<T>(lock: string, work: () => Promise<T>): Promise<T>;
  now(): number;
  /** Runs it after a while, unless called off. */
  after(ms: number, work: () => void): () => void;
  /** Runs it whenever the network comes back. */
  whenOnline(work: () => void): void;
}

type News = { kind: "signed-in" } | { kind: "signed-out"; reason: string | null };

const LOCK = "nc-refresh";
const TIME_LIMIT_MS = 30_000;
const RENEW_BEFORE_MS = 60_000;
const RENEWAL_LIMIT_MS = 10_000;

const signedInSchema = v.object({
  user: meSchema,
  expiresIn: v.number(),
  deletionCancelled: v.optional(v.boolean(), false),
});
const meAnswerSchema = v.object({ user: meSchema });

export function createSession(at: Surroundings = browser()): Session {
  const hints = createHints(at.shelf);
  const listeners = new Set<() => void>();
  let state: SessionState = { name: "unknown" };
  let hasStayed = false;
  let cancelRenewal = () => {};
  const renewal = createAgain(at);
  const resumption = createAgain(at);

  function become(next: SessionState) {
    state = next;
    if (next.name !== "signed-in") callOffRenewal();
    if (next.name !== "unknown") resumption.off();
    for (const listener of listeners) listener();
  }

  const tell = (news: News) => at.channel.postMessage(news);

  at.channel.onmessage = ({ data }: MessageEvent<News>) => {
    if (data.kind === "signed-out") become({ name: "signed-out", reason: reasonOf(data.reason) });
    if (data.kind === "signed-in") followSignIn();
  };
  at.whenOnline(() => {
    if (hints.hasLeft()) at.exclusively(LOCK, finishLeaving).catch(() => {});
  });

  /** Another tab signed in, perhaps as somebody else: then all this one believed is void. */
  function followSignIn() {
    const isSame = state.name === "signed-in" && state.me.id === hints.read()?.userId;
    if (!isSame) become({ name: "unknown" });
    resume().catch(() => {});
  }

  function callOffRenewal() {
    cancelRenewal();
    renewal.off();
  }

  function planRenewal() {
    callOffRenewal();
    const hint = hints.read();
    if (!hint) return;
    const wait = Math.max(hint.expiresAt - RENEW_BEFORE_MS - at.now(), 0);
    cancelRenewal = at.after(wait, () => void refresh(hint.generation).catch(() => {}));
  }

  async function ask(request: Request, limit = TIME_LIMIT_MS): Promise<Response> {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(limit)]);
    return at.fetch(new Request(request, { signal })).catch(() => {
      throw unanswered();
    });
  }

  async function post(path: string, body?: object, limit?: number): Promise<unknown> {
    const init: RequestInit = { method: "POST", keepalive: true };
    if (body) {
      init.body = JSON.stringify(body);
      init.headers = { "Content-Type": "application/json" };
    }
    return answerOf(await ask(new Request(`${at.base}/api/v1/auth/${path}`, init), limit));
  }

  /** Signing in and refreshing exclude each other, or the cookies of one could undo the other's. */
  async function enter(path: string, body: object): Promise<Me> {
    return at.exclusively(LOCK, async () => {
      if (hints.hasLeft()) await finishLeaving().catch(() => {});
      const me = accept(await post(path, { ...body, tokenTransport: "cookie" }));
      hints.leftForGood();
      tell({ kind: "signed-in" });
      return me;
    });
  }

  function accept(body: unknown): Me {
    const { user, expiresIn, deletionCancelled } = parse(signedInSchema, body);
    hasStayed = deletionCancelled;
    hints.write({
      userId: user.id,
      expiresAt: at.now() + expiresIn * 1000,
      generation: Math.max(at.now(), generation() + 1),
    });
    become({ name: "signed-in", me: user });
    planRenewal();
    return user;
  }

  async function resume(): Promise<Me | null> {
    try {
      return await askWhoWeAre();
    } catch (error) {
      // A tab that waits for this shows nothing until it is known.
      if (state.name === "unknown") resumption.plan(() => void resume().catch(() => {}));
      throw error;
    }
  }

  async function askWhoWeAre(): Promise<Me | null> {
    // Asking without a hint would greet every first visitor with a refusal in the console.
    if (hints.hasLeft() || !hints.read()) {
      if (hints.hasLeft()) at.exclusively(LOCK, finishLeaving).catch(() => {});
      become({ name: "signed-out", reason: null });
      return null;
    }
    const response = await fetchRenewing(new Request(`${at.base}/api/v1/users/me`));
    if (response.status === 401) {
      end("expired");
      return null;
    }
    const { user } = parse(meAnswerSchema, await answerOf(response));
    const hint = hints.read();
    if (!hint) return null;
    if (hint.userId !== user.id) hints.write({ ...hint, userId: user.id });
    become({ name: "signed-in", me: user });
    planRenewal();
    return user;
  }

  async function fetchRenewing(request: Request): Promise<Response> {
    const seen = generation();
    const again = request.clone();
    const asMe = onlyFor(hints.read()?.userId);
    const response = asMe(await ask(request));
    if (response.status !== 401 || !hints.read() || !asMe(await refresh(seen))) return response;
    return asMe(await ask(again));
  }

  /** Somebody else may sign in while a question is under way: no answer to the one is the other's. */
  function onlyFor(user: UserId | undefined) {
    return <T>(answer: T): T => {
      const now = hints.read()?.userId;
      if (user !== undefined && now !== undefined && now !== user) throw unanswered();
      return answer;
    };
  }

  const generation = () => hints.read()?.generation ?? 0;

  async function refresh(seen: number = generation()): Promise<boolean> {
    return at.exclusively(LOCK, async () => {
      const hint = hints.read();
      if (!hint) return false;
      if (hint.generation !== seen) {
        planRenewal();
        return true;
      }
      try {
        const body = await post("refresh", undefined, RENEWAL_LIMIT_MS);
        // Signed out meanwhile: that stands.
        if (!hints.read()) return false;
        accept(body);
        return true;
      } catch (error) {
        if (!(error instanceof NetError) || error.failure.code !== "unauthenticated") {
          if (state.name === "signed-in") renewal.plan(() => void refresh(seen).catch(() => {}));
          throw error;
        }
        end("expired");
        return false;
      }
    });
  }

  function end(reason: RevokeReason | "expired" | null) {
    if (state.name === "signed-out") return;
    hints.clear();
    become({ name: "signed-out", reason });
    tell({ kind: "signed-out", reason });
  }

  /** The cookies are still there, and only the server can take them away. */
  async function finishLeaving() {
    if (!hints.hasLeft()) return;
    await post("logout").catch((error) => {
      if (!(error instanceof NetError) || error.failure.code !== "unauthenticated") throw error;
    });
    hints.leftForGood();
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lastUserId: () => (hints.hasLeft() ? null : (hints.read()?.userId ?? null)),
    generation,
    resume,
    signUp: (wish) => enter("signup", wish),
    signIn: (wish) => enter("login", wish),
    signInByTicket: (wish) => enter("oidc/login", wish),
    signUpByTicket: (wish) => enter("oidc/signup", wish),
    async signInByPasskey(prove) {
      const question = parse(passkeyRequest, await post("passkeys/login/start"));
      return enter("passkeys/login/finish", { credential: await prove(question) });
    },
    hasStayed: () => hasStayed,
    async signOut() {
      hints.leave();
      end(null);
      at.exclusively(LOCK, finishLeaving).catch(() => {});
    },
    async signOutEverywhere() {
      await answerOf(
        await fetchRenewing(new Request(`${at.base}/api/v1/auth/logout-all`, { method: "POST" })),
      );
      end(null);
    },
    refresh,
    revoked: (reason) => end(reason),
    fetch: fetchRenewing,
  };
}

async function answerOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusedWith(response.status, response.headers, body);
  return body;
}

function parse<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  const read = v.safeParse(schema, body);
  if (!read.success) throw unreadable();
  return read.output;
}

function reasonOf(word: string | null): RevokeReason | "expired" | null {
  return REASONS.find((reason) => reason === word) ?? null;
}

const REASONS = ["logout", "revoked", "theft", "password_changed", "banned", "deleted", "expired"] as const;

function browser(): Surroundings {
  return {
    base: location.origin,
    fetch: (request) => fetch(request),
    shelf,
    channel: new BroadcastChannel("nc-session"),
    exclusively,
    now: () => Date.now(),
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    whenOnline: (work) => addEventListener("online", work),
  };
}
