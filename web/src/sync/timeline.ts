/** The loaded messages of an open chat: one contiguous run, and how news and pages change it. */

import type { ChatId, Message, MessageId } from "../wire";
import type { Timeline } from "./model";

/** A run of messages, oldest first: all there is from `from` to `to`. */
export interface Run {
  messages: readonly Message[];
  from: number;
  to: number;
}

/** Nothing is loaded yet. */
export function emptyTimeline(chatId: ChatId): Timeline {
  return {
    chatId,
    messages: [],
    from: 1,
    to: 0,
    older: "loading",
    newer: "end",
    dividerSeq: null,
    target: null,
    failure: null,
  };
}

/** Shows another run; divider and the count of jumps stay. */
export function showRun(timeline: Timeline, run: Run, lastSeq: number): Timeline {
  const { messages, from, to } = run;
  return {
    ...timeline,
    messages,
    from,
    to,
    older: run.from <= 1 ? "end" : "more",
    newer: run.to >= lastSeq ? "end" : "more",
    failure: null,
  };
}

/** A message in its newest state: in its place if the run reaches it, else ignored. */
export function upsert(timeline: Timeline, message: Message): Timeline {
  const { from, to } = timeline;
  // Where an own message stands alone there is a run, though an empty one.
  const isJoined = isAtEnd(timeline) || (to > 0 && timeline.newer === "end" && message.seq === to + 1);
  const isNext = message.seq > to && isJoined;
  if (message.seq < from || (message.seq > to && !isNext)) return timeline;
  const messages = insert(timeline.messages, message);
  if (messages === timeline.messages) return timeline;
  return { ...timeline, messages, to: Math.max(to, message.seq) };
}

/** What is new joins the run. Before the first load has come there is none to join. */
function isAtEnd({ from, to, older, newer }: Timeline): boolean {
  return newer === "end" && (to >= from || older === "end");
}

/** All up to `seq` is known: what is not here by now is hidden from me. */
export function extend(timeline: Timeline, seq: number): Timeline {
  return isAtEnd(timeline) && seq > timeline.to ? { ...timeline, to: seq } : timeline;
}

export function without<R extends Run>(run: R, id: MessageId): R {
  const messages = run.messages.filter((message) => message.id !== id);
  return messages.length === run.messages.length ? run : { ...run, messages };
}

/** What came for `loadOlder`; ignored if the run has changed its beginning meanwhile. */
export function prepend(timeline: Timeline, run: Run): Timeline {
  if (run.to + 1 !== timeline.from) return timeline;
  return {
    ...timeline,
    messages: merge(run.messages, timeline.messages),
    from: run.from,
    older: run.from <= 1 ? "end" : "more",
    failure: null,
  };
}

/** What came for `loadNewer`; ignored if the run has changed its end meanwhile. */
export function append(timeline: Timeline, run: Run, lastSeq: number): Timeline {
  if (run.from !== timeline.to + 1) return timeline;
  return {
    ...timeline,
    messages: merge(timeline.messages, run.messages),
    to: run.to,
    newer: run.to >= lastSeq ? "end" : "more",
    failure: null,
  };
}

/** Both sorted; of one `seq` the higher `rev` stays. */
function merge(left: readonly Message[], right: readonly Message[]): Message[] {
  const merged: Message[] = [];
  let at = 0;
  for (const message of right) {
    for (let next = left[at]; next && next.seq < message.seq; next = left[++at]) merged.push(next);
    const twin = left[at];
    if (twin?.seq !== message.seq) merged.push(message);
    else {
      merged.push(twin.rev >= message.rev ? twin : message);
      at += 1;
    }
  }
  return merged.concat(left.slice(at));
}

/** The same list if the message is no news. */
export function insert(messages: readonly Message[], message: Message): readonly Message[] {
  const at = place(messages, message.seq);
  const there = messages[at];
  if (there?.seq === message.seq) {
    return there.rev >= message.rev ? messages : messages.with(at, message);
  }
  return messages.toSpliced(at, 0, message);
}

/** The first index whose message has `seq` or a higher one. */
export function place(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
