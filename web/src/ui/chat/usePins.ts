import { useMemo } from "react";
import type { PendingChange, Timeline } from "../../sync/model";
import { isPinned, lastPinnedFirst } from "../../sync/pins";
import type { ChatId, Message } from "../../wire";
import { useMessenger } from "../frame/messenger";

const NONE: [] = [];

/** What is pinned, the last pinned first; with what the user has just done about it. */
export function usePins(chatId: ChatId): readonly Message[] {
  const listed = useMessenger((state) => state.pins[chatId] ?? NONE);
  const timeline = useMessenger((state) => state.timelines[chatId]);
  const changes = useMessenger((state) => state.changes[chatId] ?? NONE);
  return useMemo(() => pinsOf(listed, timeline, changes), [listed, timeline, changes]);
}

/** Where messages are loaded they know best; elsewhere the list does. */
export function pinsOf(
  listed: readonly Message[],
  timeline: Pick<Timeline, "messages" | "from" | "to"> | undefined,
  changes: readonly PendingChange[],
): Message[] {
  const unpinned = new Set(
    changes.map(({ wish, state, messageId }) => {
      const isGoing = (wish.kind === "pin" && !wish.on) || wish.kind === "delete" || wish.kind === "hide";
      return isGoing && state === "waiting" ? messageId : null;
    }),
  );
  const elsewhere = listed.filter(
    ({ id, seq }) => !(timeline && seq >= timeline.from && seq <= timeline.to) && !unpinned.has(id),
  );
  return [...elsewhere, ...pinnedIn(timeline?.messages ?? NONE)].sort(lastPinnedFirst);
}

const known = new WeakMap<readonly Message[], Message[]>();

/** Looked for once in each state of a timeline, however often it is asked. */
function pinnedIn(messages: readonly Message[]): Message[] {
  let pinned = known.get(messages);
  if (!pinned) {
    pinned = messages.filter(isPinned);
    known.set(messages, pinned);
  }
  return pinned;
}
