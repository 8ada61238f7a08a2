import { expect, test } from "vitest";
import type { State } from "../../sync/model";
import { ALWAYS } from "../chats/chatFacts";
import { noticesOf } from "./notices";

interface Wish {
  seq?: number;
  from?: string;
  mutedUntil?: string;
  mentions?: string[];
  readSeq?: number;
  type?: "direct" | "group";
}

const users = { ann: { id: "ann", displayName: "Ann" } };

function state({ seq = 1, from = "ann", mutedUntil, mentions = [], readSeq = 0, type = "direct" }: Wish) {
  const lastMessage = { seq, senderId: from, content: "**hi**", mentions };
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
