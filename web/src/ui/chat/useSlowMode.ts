import { useEffect, useState } from "react";
import type { State } from "../../sync/model";
import type { Chat } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { isAtLeast } from "./rights";

/** Seconds until a member may write again in a group that takes its time; 0 when they may now. */
export function useSlowMode(chat: Chat): number {
  const pauseMs = isAtLeast(chat.me.role, "admin") ? 0 : chat.slowModeSecs * 1_000;
  const lastAt = useMessenger((state) => (pauseMs > 0 ? lastOwn(state, chat) : null));
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    // A clock that is wrong holds nobody up for longer than the pause.
    const until = lastAt === null ? 0 : Math.min(Date.parse(lastAt), Date.now()) + pauseMs;
    const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1_000));
    setSeconds(left());
    if (left() === 0) return;
    const timer = setInterval(() => {
      setSeconds(left());
      if (left() === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [lastAt, pauseMs]);
  return seconds;
}

/** When the user last wrote there, as far as it is known here; the server knows it in any case. */
function lastOwn({ me, outbox, timelines }: State, { id }: Chat): string | null {
  const waiting = outbox[id]?.findLast((pending) => pending.state === "waiting");
  if (waiting) return waiting.createdAt;
  const said = timelines[id]?.messages.findLast(
    (message) => message.senderId === me?.id && message.type !== "system",
  );
  return said?.createdAt ?? null;
}
