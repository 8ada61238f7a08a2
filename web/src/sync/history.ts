/** Opening, paging and jumping: brings runs of messages from disk or server onto the screen. */

import type { PageWish } from "../net/rest";
import type { ChatId, Message, MessageId } from "../wire";
import { type Change, chatOf } from "./account";
import type { Engine } from "./engine";
import type { Edge, Timeline } from "./model";
import { createRecall } from "./recall";
import { failureOf, refusal } from "./refusal";
import { append, emptyTimeline, insert, prepend, type Run, showRun, upsert } from "./timeline";

const PAGE = 50;
/** An unread message that the last page has above this many others is shown with the end. */
const MARGIN = 10;
const SLOW_MS = 300;

export interface History {
  open(id: ChatId, at?: number): Promise<void>;
  close(id: ChatId): void;
  loadOlder(id: ChatId): Promise<void>;
  loadNewer(id: ChatId): Promise<void>;
  jumpTo(id: ChatId, seq: number): Promise<void>;
  jumpToMessage(id: ChatId, message: MessageId): Promise<void>;
  /** To the first mention of the user that is not read yet, however far it is; else to the end. */
  jumpToMention(id: ChatId): Promise<void>;
  jumpToLatest(id: ChatId): Promise<void>;
  /** To what the user has just sent: where what came before it is slow or can't be had, it stands alone. */
  jumpToOwn(id: ChatId): Promise<void>;
  /** From what is on the screen, on disk or on the server. */
  messageOf(id: ChatId, message: MessageId): Promise<Message>;
  /** Somebody is about to open it: what the disk has of its end is at hand by then. */
  foresee(id: ChatId): Promise<void>;
  /** What the user has not read yet stands below the line of what is new. */
  divide(id: ChatId): void;
  /** Brings the newest page of a chat to the disk, whether or not it is ever opened. */
  warm(id: ChatId): Promise<void>;
  /** What could not be loaded before may be now. */
  connected(): void;
}

/** A load under way. What changes meanwhile may be newer than what it brings. */
interface Load {
  chatId: ChatId;
  strays: Message[];
  isVoid: boolean;
}

export function createHistory({ core, disk, rest, world }: Engine, pageSize = PAGE): History {
  const loads = new Set<Load>();
  const recall = createRecall(pageSize);
  let nonce = 0;

  core.onChange((changes) => {
    for (const change of changes) {
      recall.note(change);
      for (const load of loads) note(load, change);
    }
  });

  const roomOf = (id: ChatId) => core.account().rooms[id];
  const appliedSeq = (id: ChatId) => roomOf(id)?.seq ?? 0;
  const timelineOf = (id: ChatId) => core.account().timelines[id];

  async function load(chatId: ChatId, work: (load: Load) => Promise<Run>): Promise<Run> {
    const load: Load = { chatId, strays: [], isVoid: false };
    loads.add(load);
    try {
      let run = await work(load);
      // The chat began anew: what was asked for before may be out of date.
      while (load.isVoid) {
        load.isVoid = false;
        run = await work(load);
      }
      return withStrays(run, load.strays, core.account().hidden);
    } finally {
      loads.delete(load);
    }
  }

  async function fetchRun(load: Load, wish: PageWish, runOf: (messages: Message[]) => Run): Promise<Run> {
    const id = load.chatId;
    const page = await rest.messages.page(id, { ...wish, limit: pageSize });
    const run = runOf(page.toSorted((a, b) => a.seq - b.seq));
    const messages = run.messages.map((message): Change => ({ kind: "message", message }));
    const { from, to } = run;
    const covered: Change[] = to < from ? [] : [{ kind: "covered", chatId: id, from, to }];
    const isOfUse = roomOf(id) && !load.isVoid;
    core.apply((account) => ({ account, changes: isOfUse ? [...messages, ...covered] : [] }));
    return run;
  }

  async function cachedBefore(id: ChatId, seq: number): Promise<Run | null> {
    await core.keeper.flush();
    return disk.runBefore(id, seq, pageSize);
  }

  const before = (id: ChatId, seq: number) =>
    load(id, async (load) => {
      const cached = await cachedBefore(id, seq);
      return cached ?? fetchRun(load, { before: seq }, (messages) => runBefore(messages, seq, pageSize));
    });

  const after = (id: ChatId, seq: number) =>
    load(id, async (load) => {
      await core.keeper.flush();
      const cached = await disk.runAfter(id, seq, pageSize);
      return (
        cached ??
        fetchRun(load, { after: seq }, (messages) => runAfter(messages, seq, appliedSeq(id), pageSize))
      );
    });

  const around = (id: ChatId, seq: number) =>
    load(id, async (load) => {
      await core.keeper.flush();
      const cached = await disk.runAround(id, seq, pageSize);
      return cached ?? fetchRun(load, { around: seq }, (messages) => runOf(messages, seq));
    });

  const latest = (id: ChatId) =>
    load(id, async (load) => {
      await core.keeper.flush();
      const last = appliedSeq(id);
      const cached = last > 0 ? await disk.runBefore(id, last + 1, pageSize) : null;
      return cached ?? fetchRun(load, {}, (messages) => runBefore(messages, appliedSeq(id) + 1, pageSize));
    });

  function replace(id: ChatId, run: Run) {
    core.changeTimeline(id, (timeline) => withAhead(showRun(timeline, run, appliedSeq(id))));
  }

  /** At the end also what was applied beyond a gap: the rest of a catch-up fills it. */
  function withAhead(timeline: Timeline): Timeline {
    return (roomOf(timeline.chatId)?.ahead ?? []).reduce(upsert, timeline);
  }

  function aim(id: ChatId, seq: number) {
    nonce += 1;
    const target = { seq, nonce };
    core.changeTimeline(id, (timeline) => ({ ...timeline, target }));
  }

  function failed(id: ChatId, edge: "older" | "newer", error: unknown) {
    const failure = failureOf(error);
    core.changeTimeline(id, (timeline) => ({ ...timeline, [edge]: "failed", failure }));
  }

  function begin(id: ChatId, edge: "older" | "newer"): Timeline | null {
    const timeline = timelineOf(id);
    if (!timeline || !(["more", "failed"] as Edge[]).includes(timeline[edge])) return null;
    core.changeTimeline(id, (it) => ({ ...it, [edge]: "loading", failure: null }));
    return timeline;
  }

  /** The end with nothing of what was said before, which is on its way or can't be had. */
  function showNone(id: ChatId) {
    const last = appliedSeq(id);
    core.changeTimeline(id, (timeline) => {
      if (timeline.newer === "end") return timeline;
      return { ...timeline, messages: [], from: last + 1, to: last, older: "loading", newer: "end" };
    });
  }

  const showEnd = async (id: ChatId) => replace(id, await latest(id));

  /** The first view of a chat: a message asked for, the first unread, or the end. */
  async function show(id: ChatId, at: number | undefined) {
    const wanted = at ?? timelineOf(id)?.dividerSeq ?? null;
    try {
      const isNearEnd = wanted === null || appliedSeq(id) - wanted < pageSize - MARGIN;
      const end = isNearEnd ? await latest(id) : null;
      if (end && reaches(end, wanted)) replace(id, end);
      else if (wanted !== null) replace(id, await around(id, wanted));
      if (at !== undefined) aim(id, at);
    } catch (error) {
      // What is on disk of the end is more than nothing.
      if (at === undefined && wanted !== null) await showEnd(id).catch(() => {});
      failed(id, "older", error);
    }
  }

  function noteOpened(id: ChatId) {
    core.apply((account) => {
      const room = account.rooms[id];
      if (!room) return { account, changes: [] };
      const openedAt = world.now();
      return {
        account: { ...account, rooms: { ...account.rooms, [id]: { ...room, openedAt } } },
        changes: [],
      };
    });
  }

  const history: History = {
    async open(id, at) {
      const room = roomOf(id);
      if (!room) throw refusal("not_found", "no such chat");
      if (timelineOf(id)) return at === undefined ? undefined : history.jumpTo(id, at);
      const { unreadFrom, unread, readSeq } = (core.store.getState().chats[id] ?? room).chat.me;
      const dividerSeq = unreadFrom ?? (unread > 0 ? readSeq + 1 : null);
      const begun = { ...emptyTimeline(id), dividerSeq };
      const end = recall.of(id, appliedSeq(id), world.now());
      if (end && reaches(end, at ?? dividerSeq)) {
        core.setTimeline(id, withAhead(showRun(begun, end, appliedSeq(id))));
        if (at !== undefined) aim(id, at);
      } else {
        core.setTimeline(id, begun);
        await show(id, at);
      }
      // Not before, or it would wait until this is written.
      noteOpened(id);
    },

    close(id) {
      const timeline = timelineOf(id);
      if (timeline?.newer === "end" && timeline.messages.length > 0) recall.keep(id, timeline);
      core.setTimeline(id, null);
    },

    async foresee(id) {
      const last = appliedSeq(id);
      if (last === 0 || timelineOf(id) || recall.of(id, last, world.now())) return;
      const nothing = { messages: [], from: last + 1, to: last };
      const run = await load(id, async () => (await cachedBefore(id, last + 1)) ?? nothing);
      if (!timelineOf(id)) recall.keep(id, run);
    },

    divide(id) {
      const readSeq = core.store.getState().chats[id]?.chat.me.readSeq ?? 0;
      core.changeTimeline(id, (timeline) => ({ ...timeline, dividerSeq: readSeq + 1 }));
    },

    async loadOlder(id) {
      const timeline = begin(id, "older");
      if (!timeline) return;
      if (timeline.to < timeline.from) return show(id, undefined);
      try {
        const run = await before(id, timeline.from);
        core.changeTimeline(id, (it) => settled(prepend(it, run), "older"));
      } catch (error) {
        failed(id, "older", error);
      }
    },

    async loadNewer(id) {
      const timeline = begin(id, "newer");
      if (!timeline) return;
      try {
        const run = await after(id, timeline.to);
        core.changeTimeline(id, (it) => withAhead(settled(append(it, run, appliedSeq(id)), "newer")));
      } catch (error) {
        failed(id, "newer", error);
      }
    },

    async jumpTo(id, seq) {
      const timeline = timelineOf(id);
      if (!timeline) return;
      if (seq < timeline.from || seq > timeline.to) replace(id, await around(id, seq));
      aim(id, seq);
    },

    async jumpToMessage(id, messageId) {
      const { seq } = await history.messageOf(id, messageId);
      await history.jumpTo(id, seq);
    },

    async jumpToMention(id) {
      const { me, chats } = core.store.getState();
      let last = chats[id]?.chat.me.readSeq ?? 0;
      while (me && last < appliedSeq(id)) {
        const run = await after(id, last);
        const found = run.messages.find(({ mentions }) => mentions.includes(me.id));
        if (found) return history.jumpTo(id, found.seq);
        if (run.to <= last) break;
        last = run.to;
      }
      await history.jumpToLatest(id);
    },

    async messageOf(id, messageId) {
      const loaded = timelineOf(id)?.messages.find((message) => message.id === messageId);
      if (loaded) return loaded;
      await core.keeper.flush();
      return (await disk.findMessage(messageId)) ?? rest.messages.get(messageId);
    },

    async jumpToLatest(id) {
      const timeline = timelineOf(id);
      if (!timeline) return;
      if (timeline.newer !== "end") await showEnd(id);
      const last = timelineOf(id)?.to;
      if (last) aim(id, last);
    },

    async warm(id) {
      const last = appliedSeq(id);
      if (last === 0 || disk.isOff()) return;
      const cached = await cachedBefore(id, last + 1);
      const isWhole = cached && (cached.from <= 1 || cached.to - cached.from + 1 >= pageSize);
      if (!isWhole) await before(id, cached?.from ?? last + 1);
    },

    async jumpToOwn(id) {
      if (timelineOf(id)?.newer === "end") return;
      const cancel = world.after(SLOW_MS, () => showNone(id));
      try {
        await history.jumpToLatest(id);
      } catch (error) {
        showNone(id);
        failed(id, "older", error);
      } finally {
        cancel();
      }
    },

    connected() {
      for (const { chatId, older, newer } of Object.values(core.account().timelines)) {
        if (older === "failed") history.loadOlder(chatId);
        if (newer === "failed") history.loadNewer(chatId);
      }
    },
  };
  return history;
}

/** Whether what was asked for is in it, if anything was. */
function reaches(end: Run, wanted: number | null): boolean {
  return wanted === null || end.from <= wanted;
}

/** Not loading any more, also where nothing came of it. */
function settled(timeline: Timeline, edge: "older" | "newer"): Timeline {
  return timeline[edge] === "loading" ? { ...timeline, [edge]: "more" } : timeline;
}

function note(load: Load, change: Change) {
  if (chatOf(change) !== load.chatId) return;
  if (change.kind === "message") load.strays.push(change.message);
  if (change.kind === "reset" || change.kind === "removed") load.isVoid = true;
}

function withStrays(run: Run, strays: readonly Message[], hidden: ReadonlySet<MessageId>): Run {
  let { to } = run;
  const sorted = strays.toSorted((a, b) => a.seq - b.seq);
  for (const { seq } of sorted) if (seq === to + 1) to = seq;
  const reached = sorted.filter((message) => message.seq >= run.from && message.seq <= to);
  const messages = reached.reduce(insert, run.messages);
  return { ...run, to, messages: messages.filter((message) => !hidden.has(message.id)) };
}

/** A page that is not full reaches the beginning. */
function runBefore(messages: Message[], seq: number, size: number): Run {
  const from = messages.length < size ? 1 : (messages[0]?.seq ?? 1);
  return { messages, from, to: Math.max(seq - 1, messages.at(-1)?.seq ?? 0) };
}

/** A page that is not full reaches the end: all that is known of, or comes while it is read. */
function runAfter(messages: Message[], seq: number, applied: number, size: number): Run {
  const last = messages.at(-1)?.seq ?? seq;
  return { messages, from: seq + 1, to: messages.length < size ? Math.max(last, applied) : last };
}

function runOf(messages: Message[], seq: number): Run {
  const [first, last] = [messages[0]?.seq ?? seq, messages.at(-1)?.seq ?? seq];
  return { messages, from: Math.min(first, seq), to: Math.max(last, seq) };
}
