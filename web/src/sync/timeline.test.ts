import { expect, test } from "vitest";
import { message } from "./testing/message";
import { append, emptyTimeline, extend, prepend, showRun, upsert, without } from "./timeline";

const run = (from: number, to: number) => ({
  messages: Array.from({ length: to - from + 1 }, (_, at) => message(from + at)),
  from,
  to,
});
const seqs = ({ messages }: { messages: readonly { seq: number }[] }) => messages.map(({ seq }) => seq);

test("a new message joins a run that reaches the end, and no other", () => {
  const atEnd = showRun(emptyTimeline("a"), run(3, 5), 5);
  expect(seqs(upsert(atEnd, message(6)))).toEqual([3, 4, 5, 6]);
  const inside = showRun(emptyTimeline("a"), run(3, 5), 9);
  expect(upsert(inside, message(10))).toBe(inside);
  expect(upsert(inside, message(2))).toBe(inside);
});

test("nothing joins before the first load has come", () => {
  const empty = emptyTimeline("a");
  expect(upsert(empty, message(1))).toBe(empty);
  expect(extend(empty, 4)).toBe(empty);
  expect(seqs(upsert(showRun(empty, { messages: [], from: 1, to: 0 }, 0), message(1)))).toEqual([1]);
});

test("of one message the higher rev stays, and an equal one changes nothing", () => {
  const timeline = showRun(emptyTimeline("a"), run(1, 3), 3);
  const edited = upsert(timeline, message(2, { rev: 7, content: "edited" }));
  expect(edited.messages[1]?.content).toBe("edited");
  expect(upsert(edited, message(2, { rev: 5, content: "late" }))).toBe(edited);
});

test("pages join at their side and are ignored where the run has moved on", () => {
  const middle = showRun(emptyTimeline("a"), run(5, 6), 9);
  const older = prepend(middle, run(1, 4));
  expect([seqs(older), older.older, older.newer]).toEqual([[1, 2, 3, 4, 5, 6], "end", "more"]);
  const whole = append(older, run(7, 9), 9);
  expect([seqs(whole), whole.newer]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9], "end"]);
  expect(prepend(whole, run(1, 4))).toBe(whole);
  expect(append(whole, run(7, 9), 9)).toBe(whole);
});

test("a page does not bring back what an event has changed meanwhile", () => {
  const timeline = showRun(
    emptyTimeline("a"),
    { ...run(1, 2), messages: [message(1), message(2, { rev: 9 })] },
    2,
  );
  const merged = append({ ...timeline, to: 1 }, run(2, 2), 2);
  expect(merged.messages[1]?.rev).toBe(9);
});

test("a message that is hidden leaves the run as complete as it was", () => {
  const timeline = without(showRun(emptyTimeline("a"), run(1, 3), 3), "m3");
  expect([seqs(timeline), timeline.to]).toEqual([[1, 2], 3]);
});
