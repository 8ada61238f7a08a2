/** Whom a text mentions: it has them by user name, and the server takes ids, of members alone. */

import { findMention } from "../text/spans";
import type { ChatId, Member, UserId } from "../wire";
import type { Engine } from "./engine";

/** The server takes so many of one message. */
const MOST = 50;
/** Who was not found is looked for again after this. */
const FRESH_MS = 60_000;

export interface Mentions {
  /** As far as the members are known here. `before`: whom it mentioned with other words. */
  known(id: ChatId, content: string, before?: readonly UserId[]): UserId[];
  /** All of them: where somebody is not known, the members are asked for. */
  find(id: ChatId, content: string, before: readonly UserId[]): Promise<UserId[]>;
  /** Likewise, when it turns out that not all of them are members any more. */
  findAnew(id: ChatId, content: string, before: readonly UserId[]): Promise<UserId[]>;
  met(id: ChatId, members: readonly Pick<Member, "user">[]): void;
}

/** Members by user name. */
type Names = ReadonlyMap<string, UserId>;

export function createMentions({ core, rest, world }: Engine): Mentions {
  const met = new Map<ChatId, Names>();
  const asked = new Map<ChatId, { at: number; count: number }>();

  const countOf = (id: ChatId) => core.account().rooms[id]?.chat.memberCount ?? 0;

  /** Nobody was heard to come or go since the members were asked for, a moment ago. */
  function isFresh(id: ChatId): boolean {
    const last = asked.get(id);
    return last !== undefined && world.now() - last.at < FRESH_MS && last.count === countOf(id);
  }

  /** In small groups the receipts tell who is a member; the server itself, if it was just asked, knows better. */
  function namesOf(id: ChatId): Names {
    const { users } = core.store.getState();
    const members = isFresh(id) ? [] : Object.keys(core.account().rooms[id]?.receipts ?? {});
    const named = members.flatMap((member) => users[member] ?? []);
    return new Map([...(met.get(id) ?? []), ...named.map((user) => [key(user), user.id] as const)]);
  }

  async function ask(id: ChatId): Promise<Names> {
    const names = new Map<string, UserId>();
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await rest.chats.members(id, { cursor, limit: 200 });
      core.learn(page.members.map(({ user }) => user));
      for (const { user } of page.members) names.set(key(user), user.id);
      cursor = page.nextCursor ?? null;
    }
    met.set(id, names);
    asked.set(id, { at: world.now(), count: countOf(id) });
    return names;
  }

  const isGroup = (id: ChatId) => core.account().rooms[id]?.chat.type === "group";

  return {
    known(id, content, before = []) {
      const named = namesIn(content);
      if (named.length === 0 || !isGroup(id)) return [];
      const { users } = core.store.getState();
      const kept = before.filter((user) => !users[user] || named.includes(key(users[user])));
      return together(named, namesOf(id), kept);
    },
    async find(id, content, before) {
      const named = namesIn(content);
      if (named.length === 0 || !isGroup(id)) return [...before];
      const names = namesOf(id);
      const isKnown = isFresh(id) || named.every((name) => names.has(name));
      return together(named, isKnown ? names : await ask(id), before);
    },
    async findAnew(id, content, before) {
      const names = await ask(id);
      const members = new Set(names.values());
      return together(
        namesIn(content),
        names,
        before.filter((user) => members.has(user)),
      );
    },
    met(id, members) {
      const named = members.map(({ user }) => [key(user), user.id] as const);
      met.set(id, new Map([...(met.get(id) ?? []), ...named]));
    },
  };
}

function together(named: readonly string[], names: Names, others: readonly UserId[]): UserId[] {
  const found = named.flatMap((name) => names.get(name) ?? []);
  return [...new Set([...found, ...others])].slice(0, MOST);
}

/** Each once, as they are written. */
export function namesIn(text: string): string[] {
  const names = new Set<string>();
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const token = findMention(text, at)?.token;
    if (token?.kind === "mention") names.add(token.username);
  }
  return [...names];
}

function key({ username }: { username: string }): string {
  return username.toLowerCase();
}
