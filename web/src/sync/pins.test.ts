import { describe, expect, it } from "vitest";
import { withChanges } from "./pins";
import { message } from "./testing/message";

const pin = (seq: number, pinnedAt: string | null, rev = seq) => ({
  ...message(seq),
  id: `m${seq}`,
  seq,
  rev,
  pinnedAt,
});
const ids = (pins: readonly { id: string }[]) => pins.map(({ id }) => id);
const AT = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"] as const;

describe("the list of what is pinned", () => {
  it("has the last pinned first, and of those pinned at once the later message", () => {
    expect(ids(withChanges([pin(1, AT[0]), pin(3, AT[0])], [pin(2, AT[1])]))).toEqual(["m2", "m3", "m1"]);
  });

  it("lets go what is unpinned or deleted", () => {
    const deleted = { ...pin(2, null, 9), deletedAt: AT[1] };
    expect(
      ids(withChanges([pin(1, AT[0]), pin(2, AT[0]), pin(3, AT[0])], [pin(1, null, 8), deleted])),
    ).toEqual(["m3"]);
  });

  it("is not told by what is older than it", () => {
    expect(ids(withChanges([pin(1, AT[0], 5)], [pin(1, null, 4)]))).toEqual(["m1"]);
  });
});
