/** Databases of people who are not signed in here any more. Light: the way in needs nothing else of the disk. */

import type { UserId } from "../wire";

export const PREFIX = "nc-";

/** Those of everybody but `current`, which is asked anew before each, as tabs sign in. */
export async function deleteOtherDisks(current: () => UserId | null): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith(PREFIX) && name !== PREFIX + current()) await remove(name);
  }
}

/** Tabs that still have it open are asked to let go; it is gone as soon as they have. */
function remove(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
  });
}
