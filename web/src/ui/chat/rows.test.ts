import { describe, expect, it } from "vitest";
import type { Pending } from "../../sync/model";
import type { Message } from "../../wire";
import { buildRows, type RowsInput } from "./rows";

const START = new Date(2026, 10, 22, 23, 50).getTime();

function message(seq: number, senderId: string, minute: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    chatId: "c",
    seq,
    rev: seq,
    senderId,
    clientId: `k${seq}`,
    type: "text",
    content: "hello",
    media: [],
    forwarded: false,
    mentions: [],
    reactions: [],
    createdAt: new Date(START + minute * 60_000).toISOString(),
    ...change,
  };
}

function pending(clientId: string, minute: number): Pending {
  const createdAt = new Date(START + minute * 60_000).toISOString();
  return {
    clientId,
    chatId: "c",
    content: "x",
    replyTo: null,
    mentions: [],
    createdAt,
    state: "waiting",
    failure: null,
  };
}

/** `[` and `]` are the ends of a group: `[m1 m2]`. */
function check(input: Partial<RowsInput>, expected: string) {
  const rows = buildRows({
    me: "me",
    messages: [],
    pending: [],
    dividerSeq: null,
    isBeginning: false,
    firstByPage: new Set(),
    ...input,
  });
  const words = rows.map((row) => {
    if (row.kind !== "message") return row.kind;
    const name = row.message ? row.message.id : row.pending.clientId;
    return `${row.isFirst ? "[" : ""}${name}${row.isLast ? "]" : ""}`;
  });
  expect(words.join(" ")).toBe(expected);
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
}

describe("rows", () => {
  it("group what one person says within three minutes", () =>
    check(
      { messages: [message(1, "a", 0), message(2, "a", 2.9), message(3, "a", 6), message(4, "b", 6)] },
      "[m1 m2] [m3] [m4]",
    ));

  it("part at reactions, which hang below a bubble", () => {
    const reactions = [{ emoji: "👍", count: 1, userIds: ["b"], mine: false }];
    check({ messages: [message(1, "a", 0, { reactions }), message(2, "a", 1)] }, "[m1] [m2]");
  });

  it("part at the unread divider and at system messages", () => {
    const system = { type: "system", system: { kind: "title_changed", title: "x" } } as const;
    check(
      {
        messages: [message(1, "a", 0), message(2, "a", 1), message(3, "a", 1, system), message(4, "a", 2)],
        dividerSeq: 2,
      },
      "[m1] unread [m2] system [m4]",
    );
  });

  it("show the divider before the first that is there when that one is hidden", () =>
    check({ messages: [message(1, "a", 0), message(4, "b", 1)], dividerSeq: 2 }, "[m1] unread [m4]"));

  it("have a divider at midnight, and at the top only where the chat begins", () => {
    const messages = [message(1, "a", 9), message(2, "a", 11)];
    check({ messages }, "[m1] day [m2]");
    check({ messages, isBeginning: true }, "day [m1] day [m2]");
  });

  it("end with what waits, unless it has arrived", () =>
    check(
      {
        messages: [message(1, "me", 0), message(2, "me", 0.5)],
        pending: [pending("k2", 0.5), pending("p1", 1), pending("p2", 1.1)],
      },
      "[m1 m2 p1 p2]",
    ));

  it("let a bubble keep its name that once began a page", () =>
    check(
      { messages: [message(1, "a", 0), message(2, "a", 1)], firstByPage: new Set(["a k2"]) },
      "[m1] [m2]",
    ));

  it("keep the key of a message from the outbox to the server", () => {
    const keys = (input: Partial<RowsInput>) =>
      buildRows({
        me: "me",
        messages: [],
        pending: [],
        dividerSeq: null,
        isBeginning: false,
        firstByPage: new Set(),
        ...input,
      }).map((row) => row.key);
    expect(keys({ pending: [pending("k7", 0)] })).toEqual(keys({ messages: [message(7, "me", 0)] }));
  });
});
