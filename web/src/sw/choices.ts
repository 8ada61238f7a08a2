/** What was chosen on this device, where the service worker can read it: pages write it down. */

import * as v from "valibot";

const SHELF = "choices";
const ADDRESS = "/choices";

/** Kept while somebody is signed in. */
const choices = v.object({
  /** Whether to show notifications. */
  notifies: v.boolean(),
  /** What to say in place of what was written; null: that itself. */
  instead: v.nullable(v.string()),
});

export type Choices = v.InferOutput<typeof choices>;

let last = Promise.resolve();

/** One after the other, so that the last word stays. `null`: nobody is signed in any more. */
export function keepChoices(now: Choices | null): Promise<void> {
  // Where there is no such storage there is no service worker either.
  last = last.then(() => write(now)).catch(() => {});
  return last;
}

export async function choicesNow(): Promise<Choices | null> {
  const kept = await caches.match(ADDRESS, { cacheName: SHELF });
  const read = v.safeParse(choices, await kept?.json().catch(() => null));
  return read.success ? read.output : null;
}

async function write(now: Choices | null) {
  if (now === null) {
    await caches.delete(SHELF);
    return;
  }
  const shelf = await caches.open(SHELF);
  await shelf.put(ADDRESS, Response.json(now));
}
