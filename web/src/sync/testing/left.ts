import type { Tab } from "./tab";

/** What waits or failed, but for what was refused while the user was no member. */
export function left(tab: Tab): string[] {
  const all = Object.values(tab.store.getState().outbox).flat();
  const refused = (entry: (typeof all)[0]) => entry.chatId === "b" && entry.failure?.code === "not_found";
  const changes = Object.values(tab.parts.core.wishes()).flat();
  const open = changes.filter((change) => change.state === "waiting");
  return [
    ...all.filter((entry) => !refused(entry)).map((entry) => `${entry.content} ${entry.state}`),
    ...open.map((change) => JSON.stringify(change)),
  ];
}
