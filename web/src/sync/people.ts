/** Who the people are whose ids the screens have to name. */

import type { Paging } from "../net/rest";
import type { ChatId, Message, SystemEvent, User, UserId } from "../wire";
import type { Account } from "./account";
import type { Engine } from "./engine";
import type { Person } from "./model";

const AT_ONCE = 4;
const GATHER_MS = 50;
const AGAIN_MS = 30_000;

export interface People {
  /** Asks for those that are not known, a few at a time. */
  need(ids: Iterable<UserId>): void;
  /** Takes in what the server says of them; answers them as this user knows them. */
  met(users: readonly User[]): Person[];
  /** Everybody who speaks in an open chat. */
  needMembers(id: ChatId): void;
  /** What they let this user see may have changed. */
  again(id: UserId): void;
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
    if (wanted.size > 0) plan();
  }

  function plan() {
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

  let { contacts, blocked } = core.account();

  /** Contacts are named; and a block, like its end, changes what one sees of the other. */
  function followOwn() {
    const now = core.account();
    if (now.contacts !== contacts && isOnline()) need(Object.keys(now.contacts));
    if (now.blocked !== blocked) for (const id of differing(blocked, now.blocked)) again(id);
    ({ contacts, blocked } = now);
  }

  /** Those who have no chat with the user are told by nothing else. */
  async function learnBonds() {
    const { users } = core.store.getState();
    const isUnknown = (id: UserId) => !users[id];
    if (Object.keys(core.account().contacts).some(isUnknown)) await learnPages(rest.contacts.list);
    if ([...core.account().blocked].some(isUnknown)) await learnPages(rest.blocks.list);
  }

  async function learnPages(list: (paging: Paging) => Promise<{ users: User[]; nextCursor: string | null }>) {
    for (let cursor: string | undefined | null; cursor !== null; ) {
      const page = await list({ cursor, limit: 200 });
      core.learn(page.users);
      cursor = page.nextCursor;
    }
  }

  function again(id: UserId) {
    wanted.add(id);
    plan();
  }

  core.onChange((changes) => {
    followOwn();
    need(changes.flatMap((change) => (change.kind === "message" ? namedIn(change.message) : [])));
  });
  onStop(() => cancel?.());

  return {
    met(users) {
      core.learn(users);
      return users.map((user) => personOf(user, core.account()));
    },
    need,
    again,
    async needMembers(id) {
      const page = await rest.chats.members(id, { limit: 200 }).catch(() => null);
      if (page) core.learn(page.members.map((member) => member.user));
      need(core.account().timelines[id]?.messages.flatMap(namedIn) ?? []);
    },
    connected() {
      pump();
      // They are asked for again at the next connect.
      learnBonds().catch(() => {});
    },
  };
}

export function namedIn(message: Message): UserId[] {
  const { senderId, system, replyTo, mentions } = message;
  const quoted = replyTo ? [replyTo.senderId] : [];
  return [senderId, ...quoted, ...mentions, ...(system ? peopleOf(system) : [])];
}

/** Besides the one who did it. */
export function peopleOf(event: SystemEvent): UserId[] {
  if (event.kind === "member_left") return event.newOwnerId ? [event.newOwnerId] : [];
  if ("userIds" in event) return event.userIds;
  return "userId" in event ? [event.userId] : [];
}

function differing(before: ReadonlySet<UserId>, after: ReadonlySet<UserId>): UserId[] {
  return [...new Set([...before, ...after])].filter((id) => before.has(id) !== after.has(id));
}

export function personOf(user: User, { contacts, blocked }: Pick<Account, "contacts" | "blocked">): Person {
  const { id } = user;
  return { ...user, nickname: contacts[id] ?? null, isContact: id in contacts, isBlocked: blocked.has(id) };
}

/** Of a chat in the list: the peer is told with it, the sender of its last words is not. */
export function peersOf(rooms: Iterable<{ chat: { peer?: User | null } }>): User[] {
  return [...rooms].flatMap(({ chat }) => (chat.peer ? [chat.peer] : []));
}
