import { beforeAll, expect, test } from "vitest";
import { speakInside } from "../../i18n";
import type { Pending, PendingChange, State } from "../../sync/model";
import { statusOf } from "./status";

beforeAll(speakInside);

const waiting = { state: "waiting" } as Pending & PendingChange;
const failed = { state: "failed" } as Pending;

test.each<[string, Partial<State>, string]>([
  ["that there is no network", {}, "Offline"],
  [
    "what waits for it",
    { outbox: { a: [waiting, failed] }, changes: { b: [waiting] } },
    "Offline — 2 waiting",
  ],
  ["that it tries", { connection: { name: "connecting", since: 0 } }, "Connecting…"],
  [
    "what waits while it tries",
    { connection: { name: "connecting", since: 0 }, outbox: { a: [waiting] } },
    "Connecting… — 1 waiting",
  ],
  [
    "that what waits is lost with the page, where nothing can be kept",
    { isCacheOff: true, outbox: { a: [waiting] } },
    "1 waiting: keep this page open",
  ],
])("tells %s", (_, part, words) => {
  const offline: State["connection"] = { name: "offline", since: 0 };
  expect(statusOf({ connection: offline, outbox: {}, changes: {}, isCacheOff: false, ...part })).toBe(words);
});
