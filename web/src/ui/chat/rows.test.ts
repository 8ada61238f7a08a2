import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pending } from "../../sync/model";
import type { Message } from "../../wire";
import { buildRows, type RowsInput, rowsBuilder } from "./rows";

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
    today: 0,
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
        today: 0,
        ...input,
      }).map((row) => row.key);
    expect(keys({ pending: [pending("k7", 0)] })).toEqual(keys({ messages: [message(7, "me", 0)] }));
  });
});

describe("from one time to the next", () => {
  const said = fc
    .record({
      seq: fc.nat(11),
      by: fc.constantFrom("me", "ann"),
      kind: fc.constantFrom("plain", "system", "liked", "gone"),
    })
    .map(({ seq, by, kind }) => message(seq, by, seq, CHANGES[kind]));
  const change = fc.record({
    said,
    isThere: fc.boolean(),
    isWriting: fc.boolean(),
    dividerSeq: fc.constantFrom(null, null, 4),
  });

  it("begins days anew in another time zone", () => {
    const before = process.env.TZ;
    const messages = [message(1, "ann", 0), message(2, "ann", 6 * 60)];
    const firstByPage = new Set<string>();
    const input = { me: "me", messages, pending: [], dividerSeq: null, isBeginning: true, firstByPage };
    const build = rowsBuilder();
    try {
      const days = ["Etc/UTC", "Asia/Tokyo", "Pacific/Honolulu", "Europe/Berlin"].map((zone, today) => {
        process.env.TZ = zone;
        const rows = build({ ...input, today });
        expect(rows).toEqual(buildRows({ ...input, today }));
        return rows.filter(({ kind }) => kind === "day").length;
      });
      expect(new Set(days).size, "some zone has a midnight in between").toBe(2);
    } finally {
      process.env.TZ = before;
    }
  });

  it("is the same as built anew", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const build = rowsBuilder();
        const firstByPage = new Set<string>();
        let messages: Message[] = [];
        for (const { said, isThere, isWriting, dividerSeq } of changes) {
          messages = messages.filter(({ seq }) => seq !== said.seq);
          if (isThere) messages = [...messages, said].sort((a, b) => a.seq - b.seq);
          const waits = isWriting ? [pending("x", messages.at(-1)?.seq ?? 0)] : [];
          const input = {
            me: "me",
            messages,
            pending: waits,
            dividerSeq,
            isBeginning: said.seq > 1,
            firstByPage,
            today: 0,
          };
          expect(build(input)).toEqual(buildRows(input));
        }
      }),
      { numRuns: 300 },
    );
  });
});

const GONE = new Date(START).toISOString();
const CHANGES: Record<string, Partial<Message>> = {
  plain: {},
  system: { type: "system" },
  liked: { reactions: [{ emoji: "👍", count: 1, userIds: ["ann"] }] as unknown as Message["reactions"] },
  gone: { expiresAt: GONE, deletedAt: GONE },
};
