import { afterEach, expect, test, vi } from "vitest";
import { createEars, isLookedAt, look } from "./ears";
import { optionsOf } from "./notifications";

interface Wish {
  name: string;
  mode: LockMode;
  run: () => Promise<void>;
}

/** As browsers do it: in turn, those that can share at once. */
function locks() {
  let held: Wish[] = [];
  let waiting: Wish[] = [];
  const grant = () => {
    for (const wish of waiting) {
      const rivals = held.filter(({ name }) => name === wish.name);
      if (rivals.some(({ mode }) => mode === "exclusive" || wish.mode === "exclusive")) continue;
      held.push(wish);
      waiting = waiting.filter((other) => other !== wish);
      wish.run().then(() => {
        held = held.filter((other) => other !== wish);
        grant();
      });
    }
  };
  return {
    async request(name: string, { mode }: { mode: LockMode }, run: () => Promise<void>) {
      waiting.push({ name, mode, run });
      grant();
    },
    query: async () => ({ held }),
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

afterEach(() => vi.unstubAllGlobals());

test("one tab listens, and the next when it is gone", async () => {
  vi.stubGlobal("navigator", { locks: locks() });
  const [one, two] = [createEars(() => true), createEars(() => true)];
  const granted = vi.fn();
  const giveUp = one.claim(() => {});
  two.claim(granted);
  await settle();
  expect([one.isHeld(), two.isHeld()]).toEqual([true, false]);
  giveUp();
  await settle();
  expect([one.isHeld(), two.isHeld()]).toEqual([false, true]);
  expect(granted).toHaveBeenCalledOnce();
});

test("tabs that nobody looks at know whether somebody looks at another", async () => {
  vi.stubGlobal("navigator", { locks: locks() });
  expect(await isLookedAt()).toBe(false);
  const [away, awayToo] = [look(), look()];
  away();
  await settle();
  expect(await isLookedAt()).toBe(true);
  awayToo();
  await settle();
  expect(await isLookedAt()).toBe(false);
});

test("only the tab that listens for all makes a sound for a second message", () => {
  const notice = { chatId: "c", title: "Ann", body: "hello", tag: "c" };
  expect(optionsOf(notice, true)).toMatchObject({ tag: "c", renotify: true });
  expect(optionsOf(notice, false)).toMatchObject({ tag: "c", renotify: false });
});
