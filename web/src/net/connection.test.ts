import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { delay, type Happening, type Link, next, STOPPED, shown } from "./connection";

const NOW = 1_000_000;
const drain: Happening = { name: "draining", reconnectAfterMs: 7_000 };
const refused = (
  code: "token_expired" | "unauthenticated" | "rate_limited",
  retryAfterMs: number | null = null,
) => ({ name: "refused", code, retryAfterMs }) as const;

/** Each step a second after the one before, by a chance that neither lengthens nor shortens. */
function linkAfter(...happenings: (Happening | Happening["name"])[]): Link {
  let link = STOPPED;
  happenings.forEach((it, step) => {
    link = next(link, (typeof it === "string" ? { name: it } : it) as Happening, NOW + step * 1000, 0.5);
  });
  return link;
}

describe("a connection becomes", () => {
  const steady = NOW + 1000;
  test.each<[string, (Happening | Happening["name"])[], string]>([
    ["connecting at the start", ["start"], "connecting"],
    ["syncing when opened", ["start", "opened"], "syncing"],
    ["online when caught up", ["start", "opened", "synced"], "online"],
    ["connecting when lost", ["start", "opened", "synced", "lost"], "connecting"],
    [
      "syncing after a loss, however well it knew the state before",
      ["start", "opened", "synced", "lost", "networkUp", "opened"],
      "syncing",
    ],
    ["offline when the browser says so", ["start", "opened", "networkDown"], "offline"],
    ["offline from the start", ["networkDown", "start"], "offline"],
    ["connecting when the network comes back", ["start", "networkDown", "failed", "networkUp"], "connecting"],
    ["syncing where the browser was wrong", ["networkDown", "start", "opened"], "syncing"],
    ["waiting when the server goes", ["start", "opened", drain, "lost"], "waiting"],
    ["waiting when there were too many", ["start", refused("rate_limited", 9_000)], "waiting"],
    ["asleep when nobody looks", ["start", "opened", "synced", "hiddenLong"], "asleep"],
    ["connecting when somebody looks again", ["start", "opened", "hiddenLong", "shown"], "connecting"],
    ["connecting while tokens are renewed", ["start", refused("token_expired")], "connecting"],
  ])("%s", (_, happenings, name) => {
    expect(shown(linkAfter(...happenings))?.name).toBe(name);
  });

  test("nothing to tell of when the session is over", () => {
    expect(shown(linkAfter("start", refused("unauthenticated"), "over"))).toBeNull();
  });

  test("down since it went down, not since the latest try", () => {
    expect(shown(linkAfter("start", "opened", "lost", "due", "failed"))).toEqual({
      name: "connecting",
      since: steady + 1000,
    });
  });
});

describe("tokens", () => {
  test("that ran out are renewed before the next try", () => {
    expect(linkAfter("start", refused("token_expired")).phase.name).toBe("renewing");
    expect(linkAfter("start", refused("unauthenticated"), "renewed").phase).toMatchObject({
      name: "opening",
      isFresh: true,
    });
  });

  test("that are refused though they are new are not renewed again at once", () => {
    const link = linkAfter("start", refused("unauthenticated"), "renewed", refused("unauthenticated"));
    expect(link.phase.name).toBe("resting");
  });

  test("that are about to run out are renewed while the connection lives, and it is opened anew", () => {
    expect(linkAfter("start", "opened", "expiring").phase).toMatchObject({ name: "open", isRenewing: true });
    expect(linkAfter("start", "opened", "expiring", "renewed").phase.name).toBe("opening");
  });

  test("that could not be renewed leave the connection as it is", () => {
    expect(linkAfter("start", "opened", "expiring", "notRenewed").phase).toMatchObject({
      name: "open",
      isRenewing: false,
    });
    expect(linkAfter("start", refused("token_expired"), "notRenewed").phase.name).toBe("resting");
  });
});

describe("a tab that nobody looks at", () => {
  test("lets its connection go, and has a new one when it is looked at", () => {
    const asleep = linkAfter("start", "opened", "hiddenLong");
    expect(asleep.phase.name).toBe("asleep");
    expect(next(asleep, { name: "networkUp" }, NOW, 0.5).phase.name).toBe("asleep");
    expect(next(asleep, { name: "shown" }, NOW, 0.5).phase.name).toBe("opening");
  });

  test("does not wake a session that is over", () => {
    expect(linkAfter("start", "over", "hiddenLong", "shown", "networkUp", "due").phase.name).toBe("stopped");
  });
});

describe("delays", () => {
  test("grow from one second to thirty, and vary by half", () => {
    expect([0, 1, 2, 3, 4, 5, 99].map((tries) => delay(tries, 0.5))).toEqual([
      1000, 2000, 4000, 8000, 16000, 30000, 30000,
    ]);
    expect([delay(2, 0), delay(2, 0.999)]).toEqual([2000, expect.closeTo(6000, -1)]);
  });

  test("go on growing while a connection is given and taken away", () => {
    let link = next(STOPPED, { name: "start" }, NOW, 0.5);
    const waits = [0, 0, 0].map(() => {
      link = next(next(link, { name: "opened" }, NOW, 0.5), { name: "lost" }, NOW, 0.5);
      const wait = link.phase.name === "resting" ? link.phase.until - NOW : 0;
      link = next(link, { name: "due" }, NOW + wait, 0.5);
      return wait;
    });
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test("begin anew after a connection that lasted", () => {
    const opened = next(
      { ...STOPPED, phase: { name: "opening", tries: 5, isFresh: false, until: 0 } },
      { name: "opened" },
      NOW,
      0.5,
    );
    const lost = next(opened, { name: "lost" }, NOW + 60_000, 0.5);
    expect(lost.phase).toMatchObject({ name: "resting", until: NOW + 61_000 });
  });

  test("asked for by the server are kept, whatever happens meanwhile", () => {
    const link = linkAfter(
      "start",
      "opened",
      drain,
      "lost",
      "shown",
      "networkDown",
      "networkUp",
      "due",
      "failed",
      "opened",
    );
    expect(link.phase).toMatchObject({ name: "resting", isAsked: true, until: NOW + 2000 + 7000 });
    expect(next(link, { name: "due" }, NOW + 9000, 0.5).phase.name).toBe("opening");
  });
});

const happening = fc.oneof(
  fc.constantFrom<Happening>(
    ...(
      [
        "start",
        "stop",
        "opened",
        "synced",
        "lost",
        "failed",
        "expiring",
        "renewed",
        "notRenewed",
        "over",
      ] as const
    ).map((name) => ({ name })),
    ...(["reopen", "networkUp", "networkDown", "hiddenLong", "shown", "due"] as const).map((name) => ({
      name,
    })),
  ),
  fc.record({ name: fc.constant("draining" as const), reconnectAfterMs: fc.nat(20_000) }),
  fc.record({
    name: fc.constant("refused" as const),
    code: fc.constantFrom("token_expired" as const, "unauthenticated" as const, "unavailable" as const),
    retryAfterMs: fc.option(fc.nat(60_000)),
  }),
);

const story = fc.array(fc.tuple(happening, fc.nat(40_000), fc.double({ min: 0, max: 0.999, noNaN: true })), {
  maxLength: 60,
});

describe("whatever happens", () => {
  test("there is always a way on: a try, a time, or somebody who must come", () => {
    fc.assert(
      fc.property(story, (steps) => {
        let now = NOW;
        let link = next(STOPPED, { name: "start" }, now, 0);
        for (const [it, pause, chance] of steps) {
          now += pause;
          link = next(link, it, now, chance);
          const { phase } = link;
          if (phase.name === "opening") {
            expect(next(link, { name: "due" }, phase.until, chance).phase.name).toBe("resting");
          }
          if (phase.name === "resting")
            expect(next(link, { name: "due" }, phase.until, chance).phase.name).toBe("opening");
          if (phase.name === "renewing")
            expect(next(link, { name: "notRenewed" }, now, chance).phase.name).toBe("resting");
        }
      }),
    );
  });

  test("no try begins before the time that the server asked for", () => {
    fc.assert(
      fc.property(story, (steps) => {
        let now = NOW;
        let link = next(STOPPED, { name: "start" }, now, 0);
        for (const [it, pause, chance] of steps) {
          now += pause;
          const { phase } = link;
          link = next(link, it, now, chance);
          const isEarly = phase.name === "resting" && phase.isAsked && now < phase.until;
          // Who leaves and comes back, or puts the tab away, begins a new story.
          if (isEarly && link.phase.name === "opening") throw new Error(`${it.name} cut the time short`);
        }
      }),
    );
  });

  test("failures without end come at most once in half a second, and ever slower", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8, maxLength: 30 }),
        (chances) => {
          let now = NOW;
          let link = next(STOPPED, { name: "start" }, now, 0);
          const waits = chances.map((chance) => {
            link = next(link, { name: "failed" }, now, chance);
            const until = link.phase.name === "resting" ? link.phase.until : now;
            const wait = until - now;
            now = until;
            link = next(link, { name: "due" }, now, chance);
            return wait;
          });
          expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
          expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
          expect(Math.min(...waits.slice(6))).toBeGreaterThanOrEqual(15_000);
        },
      ),
    );
  });
});
