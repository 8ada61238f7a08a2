import "fake-indexeddb/auto";
import { Dexie } from "dexie";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Change } from "../sync/account";
import { hearsay, type Room } from "../sync/chat";
import { message } from "../sync/testing/message";
import { Server } from "../sync/testing/server";
import { born } from "../sync/wishes";
import { type Disk, openDisk, type Saving } from ".";
import { deleteOtherDisks } from "./leftovers";
import { cover, newest, sizeOf, spanAt } from "./ranges";

let count = 0;
let disk: Disk;

beforeEach(() => {
  count += 1;
  disk = openDisk(`user-${count}`, () => {});
});

function room(rev: number): Room {
  const server = new Server(() => {});
  const first = server.rooms[0];
  if (!first) throw new Error("a chat");
  return { ...hearsay(server.view(first)), rev, isHearsay: false };
}

function saving(rev: number, changes: Change[], part: Partial<Saving> = {}): Saving {
  const base = { rooms: [room(rev)], changes, revs: { a: rev }, userRev: 0, account: null };
  return { ...base, entries: [], left: [], wishes: [], leftWishes: [], ...part };
}

const messages = (from: number, to: number): Change[] => [
  ...Array.from(
    { length: to - from + 1 },
    (_, at): Change => ({ kind: "message", message: message(from + at) }),
  ),
  { kind: "covered", chatId: "a", from, to },
];

test("a run is only as long as it is known to be complete", async () => {
  await disk.save(saving(9, [...messages(1, 3), ...messages(6, 9)]));
  const run = await disk.runBefore("a", 10, 50);
  expect([run?.from, run?.to, run?.messages.length]).toEqual([6, 9, 4]);
  expect(await disk.runBefore("a", 6, 50)).toBeNull();
  expect(await disk.runAfter("a", 1, 50)).toMatchObject({ from: 2, to: 3 });
  await disk.save(saving(9, messages(4, 5)));
  expect(await disk.runAround("a", 5, 4)).toMatchObject({ from: 4, to: 7 });
});

test("the older state of a message never replaces the newer", async () => {
  await disk.save(saving(9, messages(1, 3)));
  await disk.save(saving(9, [{ kind: "message", message: message(2, { rev: 8, content: "edited" }) }]));
  await disk.save(saving(9, messages(1, 3)));
  expect((await disk.findMessage("m2"))?.content).toBe("edited");
});

test("a tab that is behind may not say what is complete", async () => {
  await disk.save(saving(9, [{ kind: "reset", chatId: "a" }, ...messages(7, 9)]));
  await disk.save(saving(5, messages(1, 5)));
  expect(await disk.runBefore("a", 6, 50)).toBeNull();
  expect((await disk.load()).rooms[0]?.rev).toBe(9);
});

test("of a chat the newest thousand stay", async () => {
  await disk.save(saving(1_200, messages(1, 1_200)));
  const run = await disk.runBefore("a", 1_201, 2_000);
  expect([run?.from, run?.messages.length]).toEqual([201, 1_000]);
  expect(await disk.findMessage("m200")).toBeNull();
});

test("what was opened longest ago leaves first when there is too much", async () => {
  await disk.save(saving(9, messages(1, 9)));
  await disk.evict(["a"], 9);
  expect(await disk.runBefore("a", 10, 50)).not.toBeNull();
  await disk.evict(["a"], 8);
  expect(await disk.runBefore("a", 10, 50)).toBeNull();
  expect(await disk.findMessage("m1")).toBeNull();
});

test("rows that somebody else has written are left out, and the rest is read", async () => {
  await disk.save(saving(9, messages(1, 3)));
  const raw = await new Dexie(`nc-user-${count}`).open();
  await raw.table("messages").put({ chatId: "a", seq: 2, id: "m2", content: { $gt: "" } });
  await raw.table("outbox").put({ clientId: "x", chatId: 7 });
  raw.close();
  expect((await disk.runBefore("a", 4, 50))?.messages.map((it) => it.seq)).toEqual([1, 3]);
  expect((await disk.load()).outbox).toEqual([]);
});

test("a disk that fails is given up once, and nothing rejects", async () => {
  let told = 0;
  const broken = openDisk("broken", () => {
    told += 1;
  });
  await broken.load();
  broken.close();
  const shut = openDisk("broken2", () => {
    told += 1;
  });
  const open = Dexie.prototype.open;
  Dexie.prototype.open = () => Dexie.Promise.reject(new Error("no disk here")) as never;
  await shut.load();
  await shut.save(saving(1, messages(1, 1)));
  Dexie.prototype.open = open;
  expect([shut.isOff(), told, await shut.runBefore("a", 2, 1)]).toEqual([true, 1, null]);
});

test("other people's databases go, the current one stays", async () => {
  await disk.load();
  await openDisk("somebody", () => {}).load();
  await deleteOtherDisks(() => `user-${count}`);
  const names = await Dexie.getDatabaseNames();
  expect(names.filter((name) => name.startsWith("nc-"))).toEqual([`nc-user-${count}`]);
});

test("runs that are covered are those that were added, whatever the order", () => {
  const span = fc.tuple(fc.nat(30), fc.nat(5)).map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(fc.array(span), fc.nat(20), (added, limit) => {
      const spans = added.reduce(cover, [] as { from: number; to: number }[]);
      const seqs = [
        ...new Set(
          added.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
        ),
      ];
      expect(sizeOf(spans)).toBe(seqs.length);
      for (const seq of seqs) expect(spanAt(spans, seq)).not.toBeNull();
      const kept = newest(spans, limit);
      const expected = seqs.sort((a, b) => b - a).slice(0, limit);
      expect(sizeOf(kept)).toBe(expected.length);
      for (const seq of expected) expect(spanAt(kept, seq)).not.toBeNull();
    }),
  );
});

test("a change is on disk until it is done, and that it has left is never forgotten", async () => {
  const birth = {
    key: "k1",
    chatId: "a",
    messageId: "m1",
    wish: { kind: "star", on: true },
    now: 0,
  } as const;
  const wished = { ...born({}, birth), isKept: true };
  await disk.save(saving(9, [], { wishes: [{ ...wished, isOut: true }] }));
  await disk.save(saving(9, [], { wishes: [wished] }));
  expect((await disk.load()).wishes).toEqual([{ ...wished, isOut: true }]);
  await disk.save(saving(9, [], { leftWishes: ["k1"] }));
  expect(await disk.wishes()).toEqual([]);
});

test("what an older version left to be sent is still sent", async () => {
  const db = new Dexie(`nc-user-${count}`);
  db.version(1).stores({ meta: "k", outbox: "clientId" });
  const old = {
    clientId: "c1",
    chatId: "a",
    content: "x",
    replyTo: null,
    mentions: [],
    createdAt: "",
    seq: null,
  };
  const state = {
    state: "waiting",
    failure: null,
    phase: "new",
    ord: 1,
    tries: 0,
    nextAt: 0,
    waitingSince: 0,
  };
  await db.table("outbox").add({ ...old, ...state, isKept: true });
  db.close();
  expect((await disk.load()).outbox).toMatchObject([{ clientId: "c1", isOut: true, isWithdrawn: false }]);
});
