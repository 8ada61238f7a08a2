import type { Message } from "../../wire";

/** What the server has said so far. */
export interface Pages {
  items: readonly Message[];
  cursor: string | null;
}

/**
 * Hits of this device and of the server as one list without doubles, newest first. `server` is null
 * until it has answered. What is older than its last page so far comes with a later one.
 */
export function merged(device: readonly Message[], server: Pages | null): readonly Message[] {
  if (server === null) return device;
  const byId = new Map(server.items.map((message) => [message.id, message]));
  const oldest = server.cursor === null ? null : server.items.at(-1);
  for (const message of device) {
    const twin = byId.get(message.id);
    const isReached = !oldest || compare(message, oldest) <= 0;
    if (twin ? message.rev > twin.rev : isReached) byId.set(message.id, message);
  }
  return [...byId.values()].sort(compare);
}

function compare(a: Message, b: Message): number {
  return Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.seq - a.seq;
}
