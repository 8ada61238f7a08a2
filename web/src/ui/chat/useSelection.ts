import { useCallback, useMemo, useState } from "react";
import type { Message, MessageId } from "../../wire";

/** More than anybody ticks off by hand. */
const MOST = 100;

interface Selection {
  /** Null while nothing is chosen from. */
  chosen: ReadonlyMap<MessageId, Message> | null;
  toggle: (message: Message) => void;
  stop: () => void;
}

/** Several messages, to do something with all of them. It ends with the last that is taken out. */
export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<MessageId, Message> | null>(null);
  const toggle = useCallback((message: Message) => setChosen((before) => toggled(before, message)), []);
  const stop = useCallback(() => setChosen(null), []);
  return useMemo(() => ({ chosen, toggle, stop }), [chosen, toggle, stop]);
}

function toggled(
  before: ReadonlyMap<MessageId, Message> | null,
  message: Message,
): ReadonlyMap<MessageId, Message> | null {
  const after = new Map(before);
  if (!after.delete(message.id) && after.size < MOST) after.set(message.id, message);
  return after.size > 0 ? after : null;
}
