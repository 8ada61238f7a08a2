/** Keeps the account in step with the server: `sync` at each connect, after gaps, and when a check says so. */

import { applySync, hearChatAnswer, hearsayIn, needsSync, revsOf, syncRequest } from "./apply";
import { hasReadMore } from "./chat";
import type { Engine } from "./engine";
import { failureOf } from "./refusal";

const CHATS_AT_ONCE = 50;
/** What comes out of order is usually complete a moment later. */
const GAP_MS = 300;
const CHECK_MS = 45_000;
const DOUBT_MS = 2_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export interface CatchUp {
  /** After a connection was made. `done`: once everything that was missed is here. */
  connected(done: () => void): void;
  disconnected(): void;
  /** Something is known to be missing. */
  soon(): void;
  check(): void;
}

export function createCatchUp({ core, rest, socket, world, isOnline, onStop }: Engine): CatchUp {
  let isConnected = false;
  /** Counts connections: what was asked over an earlier one is nothing to wait for. */
  let connection = 0;
  let running = -1;
  let tries = 0;
  let onDone: (() => void) | null = null;
  let cancelGap: (() => void) | null = null;
  let cancelRetry = () => {};
  let cancelCheck = () => {};
  let doubtsAt = 0;

  async function run() {
    if (!isConnected || running === connection) return;
    const mine = connection;
    running = mine;
    cancelRetry();
    try {
      for (let more = true; more && mine === connection; ) {
        const asked = core.account();
        const answer = await socket.emit("sync", syncRequest(asked, CHATS_AT_ONCE));
        if (mine !== connection) return;
        core.apply((account) => applySync(account, answer, hearsayIn(asked), asked.gone));
        more = answer.more;
      }
      tries = 0;
      onDone?.();
      onDone = null;
    } catch (error) {
      if (mine === connection) retryLater(error);
    } finally {
      if (running === mine) running = -1;
    }
    if (mine === connection) watchGap();
    resolveDoubts();
  }

  function retryLater(error: unknown) {
    const failure = failureOf(error);
    // A cursor the server can't read (any more) would be refused for ever.
    if (!failure.isRetryable) {
      core.apply((account) => ({ account: { ...account, receiptsCursor: null }, changes: [] }));
    }
    const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS) * (1 + world.random() / 2);
    tries += 1;
    cancelRetry();
    cancelRetry = world.after(Math.max(wait, failure.retryAfterMs ?? 0), run);
  }

  function watchGap() {
    if (cancelGap || !isConnected || !needsSync(core.account())) return;
    cancelGap = world.after(GAP_MS, () => {
      cancelGap = null;
      if (needsSync(core.account())) run();
    });
  }

  function planCheck() {
    cancelCheck();
    if (isConnected) cancelCheck = world.after(CHECK_MS, check);
  }

  async function check() {
    planCheck();
    if (!isOnline()) return;
    const { userRev } = core.account();
    const found = await socket
      .emit("sync:check", { userRev, chats: revsOf(core.account()) })
      .catch(() => null);
    if (found && (found.userStale || found.stale.length > 0)) run();
  }

  /** Numbers that only the server can tell, one chat at a time. */
  async function resolveDoubts() {
    const now = world.now();
    if (!isOnline() || now < doubtsAt) return;
    const room = Object.values(core.account().rooms).find((it) => it.isDoubtful && !hasReadMore(it));
    if (!room) return;
    doubtsAt = now + DOUBT_MS;
    const { userRev } = core.account();
    const chat = await rest.chats.get(room.chat.id).catch(() => null);
    if (chat) core.apply((account) => hearChatAnswer(account, chat, userRev));
    world.after(DOUBT_MS, resolveDoubts);
  }

  core.onChange(() => {
    watchGap();
    resolveDoubts();
  });
  onStop(() => {
    isConnected = false;
    connection += 1;
    cancelGap?.();
    cancelRetry();
    cancelCheck();
  });

  return {
    connected(done) {
      isConnected = true;
      connection += 1;
      tries = 0;
      onDone = done;
      planCheck();
      run();
    },
    disconnected() {
      isConnected = false;
      connection += 1;
      cancelRetry();
      cancelCheck();
    },
    soon: run,
    check,
  };
}
