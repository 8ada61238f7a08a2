/**
 * Carries own changes to the server. As with messages, of all tabs one does it, the one with the lock:
 * the others write to disk and say so. Each change has one `Idempotency-Key`, so a repeat is harmless.
 */

import type { ChatId, Message, MessageId } from "../wire";
import type { Account, Step } from "./account";
import { changeOwn, hearAnswer } from "./apply";
import { withMe } from "./chat";
import type { Engine } from "./engine";
import type { PendingChange, Wish } from "./model";
import { failureOf } from "./refusal";
import { knownOf } from "./screen";
import { changeRoom } from "./watermarks";
import type { Wished } from "./wishes";
import * as wishing from "./wishes";

const LOCK = "nc-wishes";

export interface Envoy {
  wish(chatId: ChatId, messageId: MessageId | null, wish: Wish): void;
  /** As if it were wished for now. */
  retry(change: PendingChange): void;
  discard(change: PendingChange): void;
  /** What the chat is to be marked unread from, as long as that is on its way. */
  unreadMark(id: ChatId): Wish | null;
  connected(): void;
  disconnected(): void;
}

export function createEnvoy(engine: Engine): Envoy {
  const { core, disk, rest, world, tabs } = engine;
  const busy = new Set<ChatId>();
  let isConnected = false;
  let hasLock = false;
  let release = () => {};
  let cancelTimer = () => {};

  /** Without a disk no other tab knows of this tab's changes. */
  const isOnDuty = () => isConnected && (hasLock || disk.isOff());

  function kick() {
    cancelTimer();
    if (!isOnDuty()) return;
    const now = world.now();
    for (const wished of wishing.due(core.wishes(), busy, now)) carryOut(wished);
    const next = wishing.nextDue(core.wishes());
    if (next !== null) cancelTimer = world.after(Math.max(next - now, 50), kick);
  }

  /** Not in the midst of a step. */
  function kickSoon() {
    cancelTimer();
    cancelTimer = world.after(0, kick);
  }

  async function carryOut(wished: Wished) {
    busy.add(wished.chatId);
    try {
      if (await isDone(wished)) leave(wished.key);
      else if (await leaves(wished)) {
        await ask(wished);
        leave(wished.key);
      }
    } catch (error) {
      const latest = wishing.find(core.wishes(), wished.key);
      const failure = failureOf(error);
      if (latest) change(wishing.refused(latest, failure, world.now(), world.random()));
    }
    busy.delete(wished.chatId);
    kick();
  }

  /**
   * Undone before it was ever done, or done already by another device. Only of messages is it known
   * for sure: they have a `rev`, while the user's own marks may lag behind what was answered.
   */
  async function isDone(wished: Wished): Promise<boolean> {
    if (wished.isOut || !["edit", "delete", "react", "pin"].includes(wished.wish.kind)) return false;
    const known = knownOf(core.account(), wished);
    const kept = known.message || !wished.messageId ? null : await disk.findMessage(wished.messageId);
    return wishing.isFulfilled(wished.wish, { ...known, message: known.message ?? kept });
  }

  /** Written down first: from then on nobody may think that it never left. False: not wanted any more. */
  async function leaves(wished: Wished): Promise<boolean> {
    if (!wished.isOut) {
      change({ ...wished, isOut: true });
      await core.keeper.flush();
    }
    return wishing.find(core.wishes(), wished.key)?.state === "waiting";
  }

  async function ask(wished: Wished): Promise<void> {
    const { key, chatId, messageId, wish } = wished;
    const take = unlessOvertaken(wished);
    if (wish.kind === "mark") {
      const { name, value } = wish.mark;
      await rest.chats.mine(chatId, { [name]: value }, key);
      take((account) => changeRoom(account, chatId, (room) => withMe(room, { [name]: value })));
    } else if (messageId !== null) {
      await askOf(chatId, messageId, wish, key, take);
    }
  }

  async function askOf(
    chatId: ChatId,
    messageId: MessageId,
    wish: Exclude<Wish, { kind: "mark" }>,
    key: string,
    take: ReturnType<typeof unlessOvertaken>,
  ) {
    const { messages } = rest;
    switch (wish.kind) {
      case "edit":
        return hear(await messages.edit(messageId, wish.content, key));
      case "react":
        return hear(await messages.react(messageId, wish.emoji, wish.on, key));
      case "pin":
        return hear(await messages.pin(messageId, wish.on, key));
      case "delete":
        await messages.remove(messageId, "all", key);
        // Without it the event tells the same a moment later.
        return hear(await messages.get(messageId).catch(() => null));
      case "hide":
        await messages.remove(messageId, "me", key);
        return core.apply((account) => changeOwn(account, { kind: "hide", data: { chatId, messageId } }));
      case "star": {
        await messages.star(messageId, wish.on, key);
        const data = { chatId, messageId, starred: wish.on };
        return take((account) => changeOwn(account, { kind: "star", data }));
      }
    }
  }

  /**
   * An answer bears no number: what was heard since the change first left may be of a later one. Then
   * its own event, or `sync`, says how it stands.
   */
  function unlessOvertaken({ isOut }: Wished) {
    const { userRev } = core.account();
    return (change: (account: Account) => Step) => {
      core.apply((now) => (!isOut && now.userRev === userRev ? change(now) : { account: now, changes: [] }));
    };
  }

  function hear(message: Message | null) {
    if (message) core.apply((account) => hearAnswer(account, message));
  }

  function leave(key: string) {
    core.removeWishes([key]);
    tellTabs();
  }

  function change(wished: Wished) {
    if (!wishing.find(core.wishes(), wished.key)) return;
    core.putWishes([wished], true);
    tellTabs();
  }

  function tellTabs() {
    core.keeper.flush().then(() => tabs.tell({ kind: "wishes" }));
  }

  /** Once on disk it may be carried out, by this tab or another. */
  async function keep(wished: Wished) {
    core.putWishes([wished], true);
    await core.keeper.flush();
    const latest = wishing.find(core.wishes(), wished.key);
    if (latest) core.putWishes([{ ...latest, isKept: true }], false);
    tabs.tell({ kind: "wishes" });
    kick();
  }

  /** What other tabs have written, brought to its end or given up. */
  async function reread() {
    await core.keeper.flush();
    if (disk.isOff()) return;
    const rows = await disk.wishes();
    const stored = rows.filter((wished) => !core.hasLeft(wished.key));
    if (stored.length < rows.length) leaveAgain(rows);
    const here = Object.values(core.wishes()).flat();
    const isStored = (wished: Wished) => stored.some((other) => other.key === wished.key);
    const unkept = here.filter((wished) => !wished.isKept && !isStored(wished));
    const all = [...stored.map((wished) => merge(wished, here)), ...unkept];
    core.setWishes(all.reduce(wishing.put, {} as wishing.Wishes));
    dropReplaced(stored);
    kick();
  }

  /** A tab that heard later of the message has found the same left to do that is done already. */
  function leaveAgain(rows: readonly Wished[]) {
    core.removeWishes(rows.map((wished) => wished.key).filter(core.hasLeft));
    tellTabs();
  }

  /** Two tabs have changed the same before they heard of each other. */
  function dropReplaced(stored: readonly Wished[]) {
    const replaced = stored.filter((wished) => !wishing.find(core.wishes(), wished.key));
    if (replaced.length === 0) return;
    core.putWishes(
      replaced.flatMap(({ chatId }) => core.wishes()[chatId] ?? []),
      true,
    );
    core.removeWishes(replaced.map((wished) => wished.key));
  }

  /** How far this tab is with it counts; what one tab has sent is out, also where it was replaced since. */
  function merge(stored: Wished, here: readonly Wished[]): Wished {
    const mine = here.find((wished) => wished.key === stored.key);
    const slot = wishing.slotOf(stored);
    const isOut =
      stored.isOut ||
      here.some((it) => it.chatId === stored.chatId && it.isOut && wishing.slotOf(it) === slot);
    return mine?.state === stored.state ? { ...mine, isOut, isKept: true } : { ...stored, isOut };
  }

  function wish(chatId: ChatId, messageId: MessageId | null, wish: Wish) {
    const key = engine.newId();
    keep(wishing.born(core.wishes(), { key, chatId, messageId, wish, now: world.now() }));
  }

  function stopWorking() {
    isConnected = false;
    hasLock = false;
    cancelTimer();
    release();
  }

  core.onLateWish(() => {
    tellTabs();
    kickSoon();
  });
  tabs.onNews((news) => news.kind === "wishes" && reread());
  engine.onStop(stopWorking);

  return {
    unreadMark: (id) =>
      core.wishes()[id]?.find((wished) => wishing.slotOf(wished) === "unreadFrom")?.wish ?? null,
    wish,
    retry({ chatId, messageId, wish: again, key }) {
      core.removeWishes([key]);
      wish(chatId, messageId, again);
    },
    discard: ({ key }) => leave(key),
    connected() {
      stopWorking();
      isConnected = true;
      core.setWishes(wishing.reconnected(core.wishes(), world.now()));
      release = world.hold(LOCK, () => {
        hasLock = true;
        reread();
      });
      kick();
    },
    disconnected: stopWorking,
  };
}
