/** Who waits to be let into the groups that this user may let people into. */

import type { Chat, ChatId, JoinRequest, Message, UserId } from "../wire";
import type { Engine } from "./engine";
import { failureOf } from "./refusal";

/** More than anybody looks through. */
const MOST = 200;
/** Of so many groups it is asked at each connect; of the others when they are opened. */
const GROUPS_AT_ONCE = 10;

const RANKS = { member: 0, admin: 1, owner: 2 };

export interface Joiners {
  load(id: ChatId): Promise<void>;
  /** Where it may be of use; without an answer the list stays as it was. */
  refresh(id: ChatId): void;
  /** The server's answer: rejects where it refuses. */
  decide(id: ChatId, user: UserId, isIn: boolean): Promise<void>;
  heard(message: Message): void;
  changed(chat: Chat): void;
  decided(): void;
  connected(): void;
}

export function createJoiners({ core, rest, isOnline, onStop }: Engine): Joiners {
  const { store } = core;
  const loading = new Map<ChatId, { isStale: boolean; done: Promise<void> }>();

  const set = (id: ChatId, requests: readonly JoinRequest[]) =>
    store.setState(({ joiners: { [id]: _, ...others } }) => ({
      joiners: requests.length === 0 ? others : { ...others, [id]: requests },
    }));

  function drop(id: ChatId, user: UserId) {
    const known = store.getState().joiners[id];
    if (known)
      set(
        id,
        known.filter((request) => request.user.id !== user),
      );
  }

  function load(id: ChatId): Promise<void> {
    const running = loading.get(id);
    if (running) {
      running.isStale = true;
      return running.done;
    }
    const run = { isStale: true, done: Promise.resolve() };
    loading.set(id, run);
    run.done = (async () => {
      while (run.isStale) {
        run.isStale = false;
        set(id, await all(id));
      }
    })().finally(() => loading.delete(id));
    return run.done;
  }

  async function all(id: ChatId): Promise<JoinRequest[]> {
    const requests: JoinRequest[] = [];
    for (let cursor: string | null | undefined; cursor !== null && requests.length < MOST; ) {
      const page = await rest.invites.waiting(id, { cursor, limit: 100 });
      requests.push(...page.requests);
      cursor = page.nextCursor ?? null;
    }
    core.learn(requests.map((request) => request.user));
    return requests.sort((a, b) => a.askedAt.localeCompare(b.askedAt));
  }

  function mayAdd({ type, me, permissions }: Chat): boolean {
    return type === "group" && RANKS[me.role] >= RANKS[permissions.addMembers];
  }

  function refresh(id: ChatId) {
    const chat = core.account().rooms[id]?.chat;
    if (!chat || !isOnline() || !store.getState().features.has("join-approval")) return;
    if (mayAdd(chat)) load(id).catch(() => {});
    else set(id, []);
  }

  async function connected() {
    if (!isOnline() || !store.getState().features.has("join-approval")) return;
    const { order, chats } = store.getState();
    const led = order.filter((id) => {
      const chat = chats[id]?.chat;
      return chat && chat.me.role !== "member" && mayAdd(chat);
    });
    // One after the other: there is more urgent business at a start.
    for (const id of led.slice(0, GROUPS_AT_ONCE)) await load(id).catch(() => {});
  }

  onStop(
    store.subscribe((now, before) => {
      if (now.features !== before.features) void connected();
    }),
  );

  return {
    load,
    refresh,
    async decide(id, user, isIn) {
      try {
        await (isIn ? rest.invites.approve(id, user) : rest.invites.decline(id, user));
      } catch (error) {
        // Somebody else has decided.
        if (failureOf(error).code === "not_found") drop(id, user);
        throw error;
      }
      drop(id, user);
    },
    heard({ chatId, system }) {
      if (system?.kind === "member_joined") drop(chatId, system.userId);
      if (system?.kind === "members_added") for (const id of system.userIds) drop(chatId, id);
    },
    changed(chat) {
      if (store.getState().joiners[chat.id] && !mayAdd(chat)) set(chat.id, []);
    },
    decided: () => store.setState(({ joinsDecided }) => ({ joinsDecided: joinsDecided + 1 })),
    connected: () => void connected(),
  };
}
