import { expect, test } from "vitest";
import type { Failure, Wish } from "./model";
import { message } from "./testing/message";
import {
  born,
  due,
  isFulfilled,
  lose,
  nextDue,
  put,
  reconnected,
  refused,
  type Wished,
  type Wishes,
} from "./wishes";

const on: Wish = { kind: "star", on: true };

function wished(key: string, wish: Wish, part: Partial<Wished> = {}): Wished {
  const birth = born({}, { key, chatId: "a", messageId: "m1", wish, now: Number(key.slice(1)) });
  return { ...birth, isKept: true, ...part };
}

const wishesOf = (...all: Wished[]): Wishes => all.reduce(put, {});
const keys = (wishes: Wishes) => Object.values(wishes).map((list) => list.map((it) => it.key));
const failure = (part: Partial<Failure>): Failure => ({
  code: "unavailable",
  message: "no",
  fields: {},
  hint: null,
  retryAfterMs: null,
  isRetryable: true,
  ...part,
});

test("of two that change the same the later counts, whichever is heard of first", () => {
  const [one, two] = [wished("k1", on), wished("k2", { kind: "star", on: false })];
  expect(keys(wishesOf(one, two))).toEqual([["k2"]]);
  expect(keys(wishesOf(two, one))).toEqual([["k2"]]);
  const other = wished("k3", on, { messageId: "m2" });
  expect(keys(wishesOf(one, other))).toEqual([["k1", "k3"]]);
});

test("what replaces one that may have reached the server may not be dropped as needless", () => {
  const [sent, undone] = [wished("k1", on, { isOut: true }), wished("k2", { kind: "star", on: false })];
  expect(wishesOf(sent, undone).a?.[0]).toMatchObject({ key: "k2", isOut: true });
});

test("what is to be deleted needs no other change, but keeps its star", () => {
  const edit = wished("k1", { kind: "edit", content: "x" });
  const react = wished("k2", { kind: "react", emoji: "+", on: true });
  expect(keys(wishesOf(edit, react, wished("k3", on), wished("k4", { kind: "delete" })))).toEqual([
    ["k3", "k4"],
  ]);
});

test("in each chat one goes after the other, and only what is on disk", () => {
  const first = wished("k1", on);
  const second = wished("k2", { kind: "pin", on: true });
  const goes = (wishes: Wishes, busy: string[] = []) => due(wishes, new Set(busy), 5).map((it) => it.key);
  expect(goes(wishesOf(first, second, wished("k3", on, { chatId: "b" })))).toEqual(["k1", "k3"]);
  expect(goes(wishesOf(first, second), ["a"])).toEqual([]);
  expect(goes(wishesOf({ ...first, isKept: false }, second))).toEqual([]);
  expect(goes(wishesOf({ ...first, nextAt: 9 }, second))).toEqual([]);
  expect(goes(wishesOf({ ...first, state: "failed" }, second))).toEqual(["k2"]);
  const many = Array.from({ length: 9 }, (_, at) => wished(`k${at}`, on, { chatId: `chat ${at}` }));
  expect(goes(wishesOf(...many), ["x"])).toHaveLength(3);
});

test("a refusal that may pass is waited for, longer each time, and a new connection ends the wait", () => {
  const waits = [0, 1, 2, 9].map((tries) => refused(wished("k1", on, { tries }), failure({}), 0, 0).nextAt);
  expect(waits).toEqual([1_000, 2_000, 4_000, 60_000]);
  expect(refused(wished("k1", on), failure({ retryAfterMs: 7_000 }), 0, 0).nextAt).toBe(7_000);
  const wishes = wishesOf(wished("k1", on, { nextAt: 60_000 }));
  expect([nextDue(wishes), nextDue(reconnected(wishes, 5))]).toEqual([60_000, 5]);
});

test("only the server's last word makes a change fail", () => {
  const state = (part: Partial<Failure>) =>
    refused(wished("k1", on), failure({ isRetryable: false, ...part }), 0, 0).state;
  expect(state({ code: "gone" })).toBe("failed");
  expect(state({ code: "conflict" })).toBe("failed");
  expect(state({ code: "conflict", retryAfterMs: 1_000 }), "its twin is under way").toBe("waiting");
  expect(state({ code: "token_expired" })).toBe("waiting");
});

test("a change that nothing comes of for a day is given up, and what stands behind it goes on", () => {
  const day = 24 * 60 * 60_000;
  const after = (ms: number, tries: number, part: Partial<Failure> = {}) =>
    refused(wished("k1", on, { tries }), failure(part), 1 + ms, 0);
  const given = after(day, 10);
  expect(given).toMatchObject({ state: "failed", failure: { code: "expired", isRetryable: true } });
  expect(after(day - 1, 900).state).toBe("waiting");
  expect(after(day, 9).state, "first a day without a network").toBe("waiting");
  expect(after(day, 10, { code: "token_expired" }).state).toBe("waiting");
  const next = wished("k2", { kind: "pin", on: true });
  expect(due(wishesOf(given, next), new Set(), 5 * day)).toEqual([next]);
});

test("with a chat its marks go, and changes to its messages have failed", () => {
  const pinned = wished("k2", { kind: "mark", mark: { name: "pinned", value: true } }, { messageId: null });
  const left = lose(wishesOf(wished("k1", on), pinned), "a");
  expect(left.a).toMatchObject([{ key: "k1", state: "failed", failure: { code: "not_found" } }]);
});

test("a change is done when the server already has it so", () => {
  const known = { message: message(1), me: null, isStarred: true, isHidden: false };
  const done = (wish: Wish) => isFulfilled(wish, known);
  expect([done(on), done({ kind: "star", on: false })]).toEqual([true, false]);
  expect([done({ kind: "edit", content: "text 1" }), done({ kind: "edit", content: "x" })]).toEqual([
    true,
    false,
  ]);
  const react = (isOn: boolean): Wish => ({ kind: "react", emoji: "+", on: isOn });
  expect([done(react(false)), done(react(true))]).toEqual([true, false]);
  expect(isFulfilled(react(false), { ...known, message: null }), "nobody knows").toBe(false);
});
