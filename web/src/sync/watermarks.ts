/** Tells how far messages were received and read: watermarks, so that only the highest matters. */

import type { ChatId } from "../wire";
import type { Account, Step } from "./account";
import { changeOwn } from "./apply";
import { advance, hasReadMore, type Room } from "./chat";
import type { Engine } from "./engine";
import { failureOf } from "./refusal";

const GATHER_MS = 200;
const AGAIN_MS = 5_000;

export interface Watermarks {
  markRead(id: ChatId, seq: number): void;
  connected(): void;
}

export function createWatermarks({ core, socket, world, tabs, isOnline, onStop }: Engine): Watermarks {
  const arrived = new Set<ChatId>();
  let cancelTimer: (() => void) | null = null;
  let isTelling = false;
  let isMoreToTell = false;

  function later(ms: number) {
    cancelTimer ??= world.after(ms, () => {
      cancelTimer = null;
      tell();
    });
  }

  /** One after the other: after a long absence there may be many. */
  async function tell() {
    isMoreToTell = true;
    if (isTelling) return;
    isTelling = true;
    try {
      while (isMoreToTell && isOnline()) {
        isMoreToTell = false;
        await tellOnce();
      }
    } catch {
      later(AGAIN_MS);
    }
    isTelling = false;
  }

  async function tellOnce() {
    for (const id of arrived) await tellDelivered(id);
    for (const room of Object.values(core.account().rooms)) {
      if (hasReadMore(room)) await tellRead(room);
    }
  }

  async function tellDelivered(id: ChatId) {
    const room = core.account().rooms[id];
    const seq = room?.seq ?? 0;
    if (room && seq > deliveredSeq(room)) {
      await emit("msg:delivered", id, seq);
      core.apply((account) => changeRoom(account, id, (it) => advance(it, core.me, seq, 0)));
    }
    if ((core.account().rooms[id]?.seq ?? 0) <= seq) arrived.delete(id);
  }

  async function tellRead({ chat: { id, me } }: Room) {
    await emit("msg:read", id, me.readSeq);
    core.apply((account) =>
      changeRoom(account, id, (room) => ({ ...room, readTold: Math.max(room.readTold, me.readSeq) })),
    );
  }

  /** A refusal that no repeat will change is an end as well. */
  async function emit(event: "msg:delivered" | "msg:read", chatId: ChatId, seq: number) {
    try {
      await socket.emit(event, { chatId, seq });
    } catch (error) {
      if (failureOf(error).isRetryable) throw error;
    }
  }

  const deliveredSeq = (room: Room) => room.receipts[core.me]?.deliveredSeq ?? 0;

  function read(id: ChatId, seq: number) {
    const data = { chatId: id, readSeq: seq, unreadFrom: null };
    core.apply((account) => {
      const told = Math.min(account.rooms[id]?.readTold ?? 0, seq - 1);
      const step = changeOwn(account, { kind: "read", data });
      const untold = changeRoom(step.account, id, (room) => ({ ...room, readTold: told }));
      return { account: untold.account, changes: step.changes };
    });
    later(GATHER_MS);
  }

  core.onChange((changes) => {
    for (const change of changes) {
      const isOthers = change.kind === "message" && change.message.senderId !== core.me;
      const room = isOthers && core.account().rooms[change.message.chatId];
      if (room && change.message.seq > deliveredSeq(room)) arrived.add(change.message.chatId);
    }
    if (arrived.size > 0) later(GATHER_MS);
  });
  tabs.onNews((news) => news.kind === "read" && read(news.chatId, news.seq));
  onStop(() => cancelTimer?.());

  return {
    markRead(id, seq) {
      const room = core.account().rooms[id];
      if (!room) return;
      const upTo = Math.min(seq, room.seq);
      const { readSeq, unreadFrom } = room.chat.me;
      const isMarked = typeof unreadFrom === "number" && upTo >= unreadFrom;
      if (upTo <= readSeq && !isMarked) return;
      read(id, upTo);
      tabs.tell({ kind: "read", chatId: id, seq: upTo });
    },
    connected() {
      for (const room of Object.values(core.account().rooms)) {
        if (room.receipts[core.me] && room.seq > deliveredSeq(room)) arrived.add(room.chat.id);
      }
      tell();
    },
  };
}

export function changeRoom(account: Account, id: ChatId, change: (room: Room) => Room): Step {
  const room = account.rooms[id];
  if (!room) return { account, changes: [] };
  return { account: { ...account, rooms: { ...account.rooms, [id]: change(room) } }, changes: [] };
}
