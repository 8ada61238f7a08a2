import { expect, test } from "vitest";
import { message } from "../../sync/testing/message";
import { merged } from "./merged";

const at = (seq: number, part = {}) =>
  message(seq, { createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString(), ...part });
const seqs = (...of: Parameters<typeof merged>) => merged(...of).map(({ seq }) => seq);

test("until the server answers it is what this device has", () => {
  expect(seqs([at(3), at(1)], null)).toEqual([3, 1]);
});

test("nothing is there twice, and the newest comes first", () => {
  const server = { items: [at(4), at(3), at(1)], cursor: null };
  expect(seqs([at(3), at(2), at(1)], server)).toEqual([4, 3, 2, 1]);
});

test("what is older than the server's page waits for the next one", () => {
  const server = { items: [at(6), at(4)], cursor: "more" };
  expect(seqs([at(6), at(5), at(3), at(1)], server)).toEqual([6, 5, 4]);
});

test("of two states of a message the newer shows", () => {
  const server = { items: [at(2, { rev: 2, content: "old" })], cursor: null };
  expect(merged([at(2, { rev: 3, content: "new" })], server)[0]?.content).toBe("new");
  expect(merged([at(2, { rev: 1, content: "older" })], server)[0]?.content).toBe("old");
});
