import { expect, test } from "vitest";
import { fulfil, withOverlays } from "./overlay";
import { message } from "./testing/message";
import { emptyTimeline, showRun } from "./timeline";

const at = "2026-01-01T00:00:00.000Z";

test("own wishes are laid over the messages they are about, and nothing else", () => {
  const timeline = showRun(emptyTimeline("a"), { messages: [message(1), message(2)], from: 1, to: 2 }, 2);
  const other = { messageId: "m9", wish: { kind: "hide" }, at } as const;
  expect(withOverlays(timeline, [other], "me")).toBe(timeline);
  const hidden = withOverlays(timeline, [{ ...other, messageId: "m1" }], "me");
  expect(hidden.messages).toEqual([message(2)]);
  const edited = withOverlays(
    timeline,
    [{ messageId: "m2", wish: { kind: "edit", content: "new" }, at }],
    "me",
  );
  expect(edited.messages[1]).toMatchObject({ content: "new", editedAt: at });
});

test("a reaction that is wished for counts once, and goes with the last who had it", () => {
  const on = { wish: { kind: "react", emoji: "+", on: true }, at } as const;
  const off = { wish: { kind: "react", emoji: "+", on: false }, at } as const;
  const mine = fulfil(message(1), on, "me");
  expect(mine.reactions).toEqual([{ emoji: "+", count: 1, userIds: ["me"], mine: true }]);
  expect(fulfil(mine, on, "me").reactions).toEqual(mine.reactions);
  expect(fulfil(mine, off, "me").reactions).toEqual([]);
});
