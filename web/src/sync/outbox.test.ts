import { expect, test } from "vitest";
import {
  acknowledged,
  amended,
  arrived,
  due,
  type Entry,
  expired,
  GIVE_UP_MS,
  gaveUp,
  isOver,
  leftToDo,
  merged,
  nextDue,
  nextOrd,
  type Outbox,
  put,
  reconnected,
  refused,
  retried,
  standing,
  withdrawn,
} from "./outbox";
import { message } from "./testing/message";

function entry(clientId: string, part: Partial<Entry> = {}): Entry {
  return {
    clientId,
    chatId: "a",
    content: clientId,
    replyTo: null,
    mentions: [],
    createdAt: "2026-01-01T00:00:00.000Z",
    state: "waiting",
    failure: null,
    ord: Number(clientId.slice(1)),
    phase: "new",
    seq: null,
    tries: 0,
    nextAt: 0,
    waitingSince: 0,
    isKept: true,
    isOut: false,
    isWithdrawn: false,
    edition: 0,
    id: null,
    ...part,
  };
}

const outboxOf = (...entries: Entry[]): Outbox => entries.reduce(put, {});
const sends = (outbox: Outbox, now = 0, busy: string[] = []) =>
  due(outbox, new Set(busy), now).map((batch) => batch.entries.map((it) => it.clientId));
const refusal = (retryable: boolean, retryAfterMs: number | null = null) => ({
  code: retryable ? ("unavailable" as const) : ("forbidden" as const),
  message: "no",
  retryable,
  retryAfterMs,
});

test("what is not on disk is not sent, nor what stands behind it", () => {
  expect(sends(outboxOf(entry("c1"), entry("c2", { isKept: false }), entry("c3")))).toEqual([["c1"]]);
});

test("a message that has to wait is not overtaken, one that failed or is under way is passed", () => {
  expect(sends(outboxOf(entry("c1", { nextAt: 9 }), entry("c2")))).toEqual([]);
  expect(sends(outboxOf(entry("c1", { state: "failed" }), entry("c2")))).toEqual([["c2"]]);
  expect(sends(outboxOf(entry("c1", { phase: "queued", nextAt: 9 }), entry("c2")))).toEqual([["c2"]]);
});

test("at most 50 of a chat go at once, to at most 8 chats, and to none that has not answered", () => {
  const many = Array.from({ length: 60 }, (_, at) => entry(`c${at + 1}`));
  expect(sends(outboxOf(...many))[0]).toHaveLength(50);
  const chats = Array.from({ length: 12 }, (_, at) => entry(`c${at}`, { chatId: `chat ${at}` }));
  expect(sends(outboxOf(...chats), 0, ["chat 0", "chat 1"])).toHaveLength(6);
});

test("of long messages only so many go at once as a packet holds, and one that is longer goes alone", () => {
  const content = "\u{1f642}".repeat(1_000);
  const [first, ...rest] = [1, 2, 3, 4].map((at) => entry(`c${at}`, { content }));
  expect(sends(outboxOf(first as Entry, ...rest))).toEqual([["c1", "c2", "c3"]]);
  const longest = entry("c0", { content: content.repeat(4) });
  expect(sends(outboxOf(longest, ...rest))).toEqual([["c0"]]);
});

test("an acknowledged message goes again after 10 s without a seq, and at once after a reconnect", () => {
  const sent = { status: "queued", id: "m1", clientId: "c1", seq: null } as const;
  const outbox = outboxOf(acknowledged(entry("c1"), sent, 1_000));
  expect([sends(outbox, 10_999), sends(outbox, 11_000)]).toEqual([[], [["c1"]]]);
  expect(nextDue(outbox)).toBe(11_000);
  expect(sends(reconnected(outbox, 1_001), 1_001)).toEqual([["c1"]]);
});

test("a refusal that may pass waits longer each time, at most a minute, and as long as the server says", () => {
  const waits = [0, 1, 2, 3, 9].map((tries) => refused(entry("c1", { tries }), refusal(true), 0, 0).nextAt);
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
  expect(refused(entry("c1"), refusal(true, 7_000), 0, 0).nextAt).toBe(7_000);
  expect(refused(entry("c1"), refusal(true), 0, 1).nextAt).toBe(1_500);
});

test("only a final refusal, the server's giving up or a day make it fail, and a retry begins anew", () => {
  const failed = refused(entry("c1", { tries: 5 }), refusal(false), 0, 0);
  expect([failed.state, failed.failure?.code]).toEqual(["failed", "forbidden"]);
  expect(refused(entry("c1"), { ...refusal(false), code: "token_expired" }, 0, 0).state).toBe("waiting");
  expect(gaveUp(entry("c1", { phase: "queued" }), refusal(true)).state).toBe("failed");
  expect(gaveUp(entry("c1", { phase: "new" }), refusal(true)).state).toBe("waiting");
  expect(expired(outboxOf(entry("c1")), GIVE_UP_MS - 1).a?.[0]?.state).toBe("waiting");
  expect(expired(outboxOf(entry("c1")), GIVE_UP_MS).a?.[0]?.failure?.code).toBe("expired");
  expect(retried(failed, 5)).toMatchObject({ clientId: "c1", state: "waiting", failure: null, tries: 0 });
});

test("of queued and failed the last word holds", () => {
  const failed = gaveUp(entry("c1", { phase: "queued" }), refusal(true));
  expect(acknowledged(failed, { seq: null }, 0)).toMatchObject({ state: "waiting", failure: null });
});

test("it has arrived when the message is here, or is known to be stored where it is not shown", () => {
  const outbox = outboxOf(entry("c1"), entry("c2", { seq: 4 }), entry("c3", { seq: 6 }));
  const mine = message(1, { senderId: "me", clientId: "c1" });
  const theirs = message(2, { senderId: "other", clientId: "c3" });
  const gone = arrived(outbox, "me", [mine, theirs], () => 5);
  expect(gone.map((it) => it.entry.clientId)).toEqual(["c1", "c2"]);
});

test("a clock that was set back does not change the order", () => {
  const outbox = outboxOf(entry("c9", { ord: 900 }));
  expect(nextOrd(outbox, "a", 100)).toBe(901);
});

test("what was changed or taken back too late is done to the message that arrives", () => {
  const arrival = (entry: Entry, part = {}) => ({ entry, message: message(1, { content: "c1", ...part }) });
  const edited = amended(entry("c1"), "better", []);
  expect(leftToDo(arrival(edited))).toEqual({ messageId: "m1", wish: { kind: "edit", content: "better" } });
  expect(leftToDo(arrival(edited, { content: "better" }))).toBeNull();
  expect(leftToDo(arrival(edited, { deletedAt: "now" }))).toBeNull();
  expect(leftToDo(arrival(entry("c1"), { content: "as the server has it" }))).toBeNull();
  const back = withdrawn(entry("c1", { isOut: true }), 0);
  expect(leftToDo(arrival(back))).toEqual({ messageId: "m1", wish: { kind: "delete" } });
  expect(leftToDo({ entry: { ...back, id: "m9" }, message: null })?.messageId).toBe("m9");
});

test("a message that was taken back is neither shown nor sent, and remembered while it may still arrive", () => {
  const back = withdrawn(entry("c1", { isOut: true }), 0);
  expect([standing(outboxOf(back)), sends(outboxOf(back)), nextDue(outboxOf(back))]).toEqual([{}, [], null]);
  expect([isOver(back, GIVE_UP_MS - 1), isOver(back, GIVE_UP_MS)]).toEqual([false, true]);
  expect(isOver({ ...back, isOut: false }, 0)).toBe(true);
});

test("of what two tabs have made of a message the newest words count, and nothing is unsaid", () => {
  const [sent, edited] = [entry("c1", { isOut: true }), amended(entry("c1"), "better", [])];
  for (const both of [merged(sent, edited), merged(edited, sent)]) {
    expect(both).toMatchObject({ content: "better", isOut: true });
  }
  expect(merged(sent, withdrawn(edited, 0)).isWithdrawn).toBe(true);
});
