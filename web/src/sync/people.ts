/** Who the people are whose ids the screens have to name. */

import type { ChatId, Message, User, UserId } from "../wire";
import type { Engine } from "./engine";

const AT_ONCE = 4;
const GATHER_MS = 50;
const AGAIN_MS = 30_000;

export interface People {
  /** Asks for those that are not known, a few at a time. */
  need(ids: Iterable<UserId>): void;
  /** Everybody who speaks in an open chat. */
  needMembers(id: ChatId): void;
  connected(): void;
}

export function createPeople({ core, rest, world, isOnline, onStop }: Engine): People {
  const wanted = new Set<UserId>();
  const running = new Set<UserId>();
  const missing = new Map<UserId, number>();
  let cancel: (() => void) | null = null;

  function need(ids: Iterable<UserId>) {
    const { users } = core.store.getState();
    for (const id of ids) {
      const isMissing = world.now() - (missing.get(id) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS;
      if (id !== core.me && !users[id] && !running.has(id) && !isMissing) wanted.add(id);
    }
    if (wanted.size === 0) return;
    cancel ??= world.after(GATHER_MS, () => {
      cancel = null;
      pump();
    });
  }

  function pump() {
    if (!isOnline()) return;
    for (const id of wanted) {
      if (running.size >= AT_ONCE) return;
      wanted.delete(id);
      running.add(id);
      ask(id);
    }
  }

  async function ask(id: UserId) {
    const user = await rest.users.get(id).catch(() => null);
    running.delete(id);
    if (user) core.learn([user]);
    else missing.set(id, world.now());
    pump();
  }

  core.onChange((changes) => {
    need(changes.flatMap((change) => (change.kind === "message" ? namedIn(change.message) : [])));
  });
  onStop(() => cancel?.());

  return {
    need,
    async needMembers(id) {
      const page = await rest.chats.members(id, { limit: 200 }).catch(() => null);
      if (page) core.learn(page.members.map((member) => member.user));
      need(core.account().timelines[id]?.messages.flatMap(namedIn) ?? []);
    },
    connected: pump,
  };
}

export function namedIn(message: Message): UserId[] {
  const { senderId, system, replyTo, mentions } = message;
  const quoted = replyTo ? [replyTo.senderId] : [];
  return [senderId, ...quoted, ...mentions, ...(system ? namedBy(system) : [])];
}

function namedBy(event: NonNullable<Message["system"]>): UserId[] {
  if ("userIds" in event) return event.userIds;
  return "userId" in event ? [event.userId] : [];
}

/** Of a chat in the list: the peer is told with it, the sender of its last words is not. */
export function peersOf(rooms: Iterable<{ chat: { peer?: User | null } }>): User[] {
  return [...rooms].flatMap(({ chat }) => (chat.peer ? [chat.peer] : []));
}
