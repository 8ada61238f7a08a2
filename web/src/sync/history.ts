/** Opening, paging and jumping: brings runs of messages from disk or server onto the screen. */

import type { PageWish } from "../net/rest";
import type { ChatId, Message, MessageId } from "../wire";
import type { Change } from "./account";
import type { Engine } from "./engine";
import type { Edge, Timeline } from "./model";
import { failureOf, refusal } from "./refusal";
import { append, emptyTimeline, insert, prepend, type Run, showRun, upsert } from "./timeline";

const PAGE = 50;
/** An unread message that the last page has above this many others is shown with the end. */
const MARGIN = 10;

export interface History {
  open(id: ChatId, at?: number): Promise<void>;
  close(id: ChatId): void;
  loadOlder(id: ChatId): Promise<void>;
  loadNewer(id: ChatId): Promise<void>;
  jumpTo(id: ChatId, seq: number): Promise<void>;
  jumpToMessage(id: ChatId, message: MessageId): Promise<void>;
  jumpToLatest(id: ChatId): Promise<void>;
  /** From what is on the screen, on disk or on the server. */
  messageOf(id: ChatId, message: MessageId): Promise<Message>;
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
  let nonce = 0;

  core.onChange((changes) => {
    for (const change of changes) for (const load of loads) note(load, change);
  });

  const roomOf = (id: ChatId) => core.account().rooms[id];
  const appliedSeq = (id: ChatId) => roomOf(id)?.seq ?? 0;
  const timelineOf = (id: ChatId) => core.account().timelines[id];

  async function load(chatId: ChatId, work: () => Promise<Run>): Promise<Run> {
    const load: Load = { chatId, strays: [], isVoid: false };
    loads.add(load);
    try {
      const first = await work();
      // The chat began anew: what was asked for before may be out of date.
      const run = load.isVoid ? await work() : first;
      return withStrays(run, load.strays, core.account().hidden);
    } finally {
      loads.delete(load);
    }
  }

  async function fetchRun(id: ChatId, wish: PageWish, runOf: (messages: Message[]) => Run): Promise<Run> {
    const page = await rest.messages.page(id, { ...wish, limit: pageSize });
    const run = runOf(page.toSorted((a, b) => a.seq - b.seq));
    const messages = run.messages.map((message): Change => ({ kind: "message", message }));
    const { from, to } = run;
    const covered: Change[] = to < from ? [] : [{ kind: "covered", chatId: id, from, to }];
    core.apply((account) => ({ account, changes: roomOf(id) ? [...messages, ...covered] : [] }));
    return run;
  }

  const before = (id: ChatId, seq: number) =>
    load(id, async () => {
      await core.keeper.flush();
      const cached = await disk.runBefore(id, seq, pageSize);
      return cached ?? fetchRun(id, { before: seq }, (messages) => runBefore(messages, seq, pageSize));
    });

  const after = (id: ChatId, seq: number) =>
    load(id, async () => {
      await core.keeper.flush();
      const cached = await disk.runAfter(id, seq, pageSize);
      return (
        cached ??
        fetchRun(id, { after: seq }, (messages) => runAfter(messages, seq, appliedSeq(id), pageSize))
      );
    });

  const around = (id: ChatId, seq: number) =>
    load(id, async () => {
      await core.keeper.flush();
      const cached = await disk.runAround(id, seq, pageSize);
      return cached ?? fetchRun(id, { around: seq }, (messages) => runOf(messages, seq));
    });

  const latest = (id: ChatId) =>
    load(id, async () => {
      await core.keeper.flush();
      const last = appliedSeq(id);
      const cached = last > 0 ? await disk.runBefore(id, last + 1, pageSize) : null;
      return cached ?? fetchRun(id, {}, (messages) => runBefore(messages, appliedSeq(id) + 1, pageSize));
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

  /** The first view of a chat: a message asked for, the first unread, or the end. */
  async function show(id: ChatId, at: number | undefined) {
    const wanted = at ?? timelineOf(id)?.dividerSeq ?? null;
    try {
      const isNearEnd = wanted === null || appliedSeq(id) - wanted < pageSize - MARGIN;
      const run = isNearEnd ? await latest(id) : await around(id, wanted);
      const reaches = wanted === null || run.from <= wanted;
      replace(id, reaches ? run : await around(id, wanted));
      if (at !== undefined) aim(id, at);
    } catch (error) {
      failed(id, "older", error);
    }
  }

  const history: History = {
    async open(id, at) {
      const room = roomOf(id);
      if (!room) throw refusal("not_found", "no such chat");
      if (timelineOf(id)) return at === undefined ? undefined : history.jumpTo(id, at);
      const { unreadFrom, unread, readSeq } = (core.store.getState().chats[id] ?? room).chat.me;
      const dividerSeq = unreadFrom ?? (unread > 0 ? readSeq + 1 : null);
      core.setTimeline(id, { ...emptyTimeline(id), dividerSeq });
      const openedAt = world.now();
      core.apply((account) => ({
        account: { ...account, rooms: { ...account.rooms, [id]: { ...room, openedAt } } },
        changes: [],
      }));
      await show(id, at);
    },

    close: (id) => core.setTimeline(id, null),

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

    async messageOf(id, messageId) {
      const loaded = timelineOf(id)?.messages.find((message) => message.id === messageId);
      if (loaded) return loaded;
      await core.keeper.flush();
      return (await disk.findMessage(messageId)) ?? rest.messages.get(messageId);
    },

    async jumpToLatest(id) {
      const timeline = timelineOf(id);
      if (!timeline) return;
      if (timeline.newer !== "end") replace(id, await latest(id));
      const last = timelineOf(id)?.to;
      if (last) aim(id, last);
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

/** Not loading any more, also where nothing came of it. */
function settled(timeline: Timeline, edge: "older" | "newer"): Timeline {
  return timeline[edge] === "loading" ? { ...timeline, [edge]: "more" } : timeline;
}

function note(load: Load, change: Change) {
  if (change.kind === "message" && change.message.chatId === load.chatId) load.strays.push(change.message);
  const isOver = change.kind === "reset" || change.kind === "removed";
  if (isOver && change.chatId === load.chatId) load.isVoid = true;
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
