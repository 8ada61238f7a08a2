/**
 * Brings the outbox to the server. Of all tabs one does it, the one with the lock: the others write
 * to disk and say so. It gives the lock back when its connection is lost, so that a tab with a living
 * one goes on.
 */

import type { ChatId, EventError, MessageId, MsgFailed, MsgQueued } from "../wire";
import type { Engine } from "./engine";
import type { Mentions } from "./mentions";
import type { ReplyPreview } from "./model";
import * as outbox from "./outbox";
import { failureOf } from "./refusal";

const LOCK = "nc-outbox";
const PREVIEW_LENGTH = 120;
/** After these it goes with the mentions that are known. */
const MOST_TRIES_TO_ADDRESS = 5;

export interface Courier {
  send(chatId: ChatId, wish: SendWish): void;
  retry(clientId: string): void;
  retryAll(chatId: ChatId): void;
  discard(clientId: string): void;
  amend(clientId: string, content: string): void;
  /** All that was missed is known, asked for at this time or later. */
  connected(since: number): void;
  disconnected(): void;
  failed(news: MsgFailed): void;
  queued(news: MsgQueued): void;
}

const FIRST_LOOK_MS = 1_000;
const LOOK_AGAIN_MS = 10 * 60_000;

export interface SendWish {
  content: string;
  replyTo: ReplyPreview | null;
}

/** `missed`: the server has messages that are not here yet. */
export function createCourier(engine: Engine, mentions: Mentions, missed: () => void): Courier {
  const { core, disk, rest, socket, world, tabs } = engine;
  const busy = new Set<ChatId>();
  let isConnected = false;
  let hasLock = false;
  let release = () => {};
  let cancelTimer = () => {};

  /** Without a disk no other tab knows of this tab's messages. */
  const isOnDuty = () => isConnected && (hasLock || disk.isOff());

  function change(entries: readonly outbox.Entry[], isKept: boolean) {
    const living = entries.filter((entry) => outbox.find(core.outbox(), entry.clientId));
    if (living.length === 0) return;
    core.putEntries(living, isKept);
    if (isKept) tellTabs();
  }

  function tellTabs() {
    core.keeper.flush().then(() => tabs.tell({ kind: "outbox" }));
  }

  /** Also where there is no connection: what has waited for a day is told of. */
  let cancelAge = world.after(FIRST_LOOK_MS, watchAge);
  engine.onStop(() => cancelAge());

  function watchAge() {
    expire();
    cancelAge = world.after(LOOK_AGAIN_MS, watchAge);
  }

  function kick() {
    cancelTimer();
    expire();
    if (!isOnDuty()) return;
    const now = world.now();
    forgetWithdrawn(now);
    for (const batch of outbox.due(core.outbox(), busy, now)) deliver(batch);
    const next = outbox.nextDue(core.outbox());
    if (next !== null) cancelTimer = world.after(Math.max(next - now, 50), kick);
  }

  /**
   * Nobody can send to a chat, nor see what waits for it, once it is not the user's any more. A chat
   * may be newer than what this tab knows, and what waits for it written in another one: only what was
   * there before this tab has asked for all chats is lost.
   */
  function forgetLost(since: number) {
    const { rooms } = core.account();
    const lost = Object.entries(core.outbox()).filter(([id]) => !rooms[id]);
    for (const entry of lost.flatMap(([, entries]) => entries)) {
      if (entry.waitingSince < since) core.removeEntry(entry.clientId);
    }
  }

  /** Only who sends can know that it was not sent. */
  function forgetWithdrawn(now: number) {
    const all = Object.values(core.outbox()).flat();
    const over = all.filter((entry) => outbox.isOver(entry, now) && !busy.has(entry.chatId));
    for (const { clientId } of over) core.removeEntry(clientId);
    if (over.length > 0) tellTabs();
  }

  function expire() {
    const before = core.outbox();
    const after = outbox.expired(before, world.now());
    if (after === before) return;
    const given = Object.values(after).flat();
    change(
      given.filter((entry) => outbox.find(before, entry.clientId) !== entry),
      true,
    );
  }

  async function deliver(batch: outbox.Batch) {
    const { chatId } = batch;
    busy.add(chatId);
    const entries = await leaving(await addressed(batch.entries));
    if (entries.length > 0) await emit(chatId, entries);
    busy.delete(chatId);
    kick();
  }

  /** Those before the first whose mentions can't be found out now: behind it nothing goes. */
  async function addressed(entries: readonly outbox.Entry[]): Promise<outbox.Entry[]> {
    const ready: outbox.Entry[] = [];
    for (const entry of entries) {
      try {
        const { chatId, content } = latest(entry);
        const found = await mentions.find(chatId, content, latest(entry).mentions);
        change(outbox.mentioning(latest(entry), found), true);
      } catch (error) {
        const { code, message, isRetryable, retryAfterMs } = failureOf(error);
        const isWorthWaiting = isRetryable || code === "offline";
        if (isWorthWaiting && latest(entry).tries < MOST_TRIES_TO_ADDRESS) {
          refuse(entry, { code: "unavailable", message, retryable: true, retryAfterMs });
          break;
        }
      }
      ready.push(latest(entry));
    }
    return ready;
  }

  /** Written down first: from then on nobody may think that it never left. */
  async function leaving(entries: readonly outbox.Entry[]): Promise<outbox.Entry[]> {
    const fresh = entries.filter((entry) => !entry.isOut);
    if (fresh.length > 0) {
      change(
        fresh.map((entry) => ({ ...entry, isOut: true })),
        true,
      );
      await core.keeper.flush();
    }
    const latestOf = entries.flatMap((entry) => outbox.find(core.outbox(), entry.clientId) ?? []);
    return latestOf.filter(outbox.isToSend);
  }

  async function emit(chatId: ChatId, entries: readonly outbox.Entry[]) {
    try {
      const answers = await socket.emit("msg:send", entries.map(outbox.toSend));
      for (const [at, answer] of answers.entries()) {
        const entry = entries[at];
        if (entry && "error" in answer) await reconsider(entry, answer.error);
        else if (entry && "id" in answer) {
          acknowledge(latest(entry), answer);
          if (answer.seq && answer.seq > (core.account().rooms[chatId]?.seq ?? 0)) missed();
        }
      }
      settle();
    } catch (error) {
      const first = entries[0];
      const { code, message, isRetryable: retryable, retryAfterMs } = failureOf(error);
      // No answer: whether it was taken is not known, and asking again harms nothing.
      const isKnown = code !== "offline" && code !== "expired" && code !== "called_off";
      if (first) refuse(first, { code: isKnown ? code : "unavailable", message, retryable, retryAfterMs });
    }
  }

  function acknowledge(entry: outbox.Entry, sent: { id?: MessageId; seq?: number | null }) {
    const hadFailed = entry.state === "failed";
    change([outbox.acknowledged(entry, sent, world.now())], hadFailed);
  }

  const latest = (entry: outbox.Entry) => outbox.find(core.outbox(), entry.clientId) ?? entry;

  function refuse(entry: outbox.Entry, error: EventError) {
    const refused = outbox.refused(latest(entry), error, world.now(), world.random());
    change([refused], refused.state === "failed");
  }

  /** Those it mentions or what it answers may be gone: without them it might be taken. */
  async function reconsider(entry: outbox.Entry, error: EventError) {
    const { chatId, content, mentions: before, replyTo } = entry;
    if (error.code === "validation" && before.length > 0) {
      try {
        const found = await mentions.findAnew(chatId, content, before);
        if (before.some((user) => !found.includes(user))) {
          return change(outbox.mentioning(latest(entry), found), true);
        }
      } catch (failed) {
        const { message, retryAfterMs } = failureOf(failed);
        return refuse(entry, { code: "unavailable", message, retryable: true, retryAfterMs });
      }
    }
    const isMeant = error.code === "validation" || error.code === "not_found";
    if (isMeant && replyTo && (await isGone(replyTo.id))) change([outbox.answerless(latest(entry))], true);
    else refuse(entry, error);
  }

  async function isGone(id: MessageId): Promise<boolean> {
    try {
      return Boolean((await rest.messages.get(id)).deletedAt);
    } catch (error) {
      return failureOf(error).code === "not_found";
    }
  }

  /** An acknowledgement may tell of a message that came before it. */
  function settle() {
    core.apply((account) => ({ account, changes: [] }));
  }

  /** Once on disk it may be sent, by this tab or another. */
  async function keep(entries: readonly outbox.Entry[]) {
    const isLeaving = isOnDuty();
    core.putEntries(
      entries.map((entry) => ({ ...entry, isOut: entry.isOut || isLeaving })),
      true,
    );
    await core.keeper.flush();
    change(
      entries.map((entry) => ({ ...latest(entry), isKept: true })),
      false,
    );
    tabs.tell({ kind: "outbox" });
    kick();
  }

  /** What other tabs have written, sent or given up. */
  async function reread() {
    await core.keeper.flush();
    if (disk.isOff()) return;
    const rows = await disk.outbox();
    const stored = rows.filter((entry) => !core.hasLeft(entry.clientId));
    core.settleLeft(rows.filter((entry) => core.hasLeft(entry.clientId)));
    const here = Object.values(core.outbox()).flat();
    const unkept = here.filter((entry) => !entry.isKept);
    const merged = [...stored.map((entry) => merge(entry)), ...unkept];
    core.setOutbox(merged.reduce(outbox.put, {} as outbox.Outbox));
    kick();
  }

  /** How far this tab is with it counts, unless the user has decided something elsewhere. */
  function merge(stored: outbox.Entry): outbox.Entry {
    const here = outbox.find(core.outbox(), stored.clientId);
    const isSame = here?.state === stored.state && here.waitingSince === stored.waitingSince;
    if (!here) return stored;
    return isSame ? { ...outbox.merged(here, stored), isKept: true } : outbox.merged(stored, here);
  }

  function retryEntries(entries: readonly outbox.Entry[]) {
    const now = world.now();
    keep(entries.map((entry) => outbox.retried(entry, now)));
  }

  function stopWorking() {
    isConnected = false;
    hasLock = false;
    cancelTimer();
    release();
  }

  tabs.onNews((news) => news.kind === "outbox" && reread());
  engine.onStop(stopWorking);

  return {
    send(chatId, { content, replyTo }) {
      const now = world.now();
      keep([
        {
          clientId: engine.newId(),
          chatId,
          content,
          replyTo: replyTo && { ...replyTo, preview: replyTo.preview.slice(0, PREVIEW_LENGTH) },
          mentions: mentions.known(chatId, content),
          createdAt: new Date(now).toISOString(),
          state: "waiting",
          failure: null,
          ord: outbox.nextOrd(core.outbox(), chatId, now),
          phase: "new",
          seq: null,
          tries: 0,
          nextAt: 0,
          waitingSince: now,
          isKept: false,
          isOut: false,
          isWithdrawn: false,
          edition: 0,
          id: null,
        },
      ]);
    },
    retry(clientId) {
      const entry = outbox.find(core.outbox(), clientId);
      if (entry) retryEntries([entry]);
    },
    retryAll(chatId) {
      const failed = (entry: outbox.Entry) => entry.state === "failed" && !entry.isWithdrawn;
      retryEntries((core.outbox()[chatId] ?? []).filter(failed));
    },
    discard(clientId) {
      const entry = outbox.find(core.outbox(), clientId);
      // What has failed here may have reached the server all the same.
      if (entry && (entry.state === "waiting" || entry.isOut))
        change([outbox.withdrawn(entry, world.now())], true);
      else core.removeEntry(clientId);
      tellTabs();
      kick();
    },
    amend(clientId, content) {
      const entry = outbox.find(core.outbox(), clientId);
      if (!entry) return;
      const mentioned = mentions.known(entry.chatId, content, entry.mentions);
      const amended = outbox.amended(entry, content, mentioned);
      if (entry.state === "failed") retryEntries([amended]);
      else keep([amended]);
    },
    connected(since) {
      stopWorking();
      isConnected = true;
      forgetLost(since);
      core.setOutbox(outbox.reconnected(core.outbox(), world.now()));
      release = world.hold(LOCK, () => {
        hasLock = true;
        reread();
      });
      kick();
    },
    disconnected: stopWorking,
    failed({ clientId, error }) {
      const entry = outbox.find(core.outbox(), clientId);
      const given = entry && outbox.gaveUp(entry, error);
      if (given && given !== entry) change([given], true);
    },
    queued({ clientId }) {
      const entry = outbox.find(core.outbox(), clientId);
      if (entry?.state === "failed") acknowledge(entry, {});
    },
  };
}
