import { beforeAll, expect, test } from "vitest";
import { speakInside } from "../../i18n";
import type { State } from "../../sync/model";
import { ALWAYS } from "../chats/chatFacts";
import { noticesOf, settledOf } from "./notices";

beforeAll(speakInside);

interface Wish {
  seq?: number;
  from?: string;
  content?: unknown;
  mutedUntil?: string;
  mentions?: string[];
  readSeq?: number;
  type?: "direct" | "group";
}

const users = { ann: { id: "ann", displayName: "Ann" } };

function state({
  seq = 1,
  from = "ann",
  content = "**hi**",
  mutedUntil,
  mentions = [],
  readSeq = 0,
  type = "direct",
}: Wish) {
  const lastMessage = { seq, senderId: from, content, mentions };
  const me = { readSeq, mutedUntil };
  const chat = { id: "c", type, title: "Crew", peer: users.ann, lastSeq: seq, lastMessage, me };
  return { me: { id: "me" }, users, chats: { c: { chat } } } as unknown as State;
}

function check(after: Wish, wanted: object[], previews = true) {
  expect(noticesOf(state({}), state({ seq: 2, ...after }), previews, 0)).toMatchObject(wanted);
}

test("a new message is told with its words, without its markup", () =>
  check({}, [{ title: "Ann", body: "hi" }]));

test("a group's message says who wrote", () =>
  check({ type: "group" }, [{ title: "Crew", body: "Ann: hi" }]));

test("without previews only the sender is told", () =>
  check({}, [{ title: "Ann", body: "New message" }], false));

test("what can't be read is told of all the same", () =>
  check({ content: { poison: true } }, [{ title: "Ann", body: "New message" }]));

test("own messages, read ones and muted chats are silent", () => {
  check({ from: "me" }, []);
  check({ readSeq: 2 }, []);
  check({ mutedUntil: ALWAYS }, []);
});

test("a mention is told in a muted chat too", () =>
  check({ mutedUntil: ALWAYS, mentions: ["me"] }, [{ body: "hi" }]));

test("a chat that appears is no news", () => {
  const nothing = { ...state({}), chats: {} };
  expect(noticesOf(nothing, state({ seq: 5 }), true, 0)).toEqual([]);
});

test("a chat is settled once nothing of it waits, or it is gone", () => {
  const waiting = (unread: number) => ({ chats: { c: { chat: { id: "c", me: { unread } } } } }) as never;
  expect(settledOf(waiting(2), waiting(1))).toEqual([]);
  expect(settledOf(waiting(2), waiting(0))).toEqual(["c"]);
  expect(settledOf(waiting(0), waiting(0))).toEqual([]);
  expect(settledOf(waiting(2), { chats: {} } as never)).toEqual(["c"]);
});
