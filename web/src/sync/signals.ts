/** What passes: who is typing, who is there, and what this tab is looking at. */

import type { ChatId, PresenceUpdate, UserId } from "../wire";
import type { Engine } from "./engine";
import { expireTyping, hearTyping, nextExpiry, stopTyping } from "./typing";

const TYPING_EVERY_MS = 3_000;
const MAX_WATCHED = 200;
const GATHER_MS = 100;
/** Who listens in the background for longer is not there to be talked to. */
const AWAY_MS = 5 * 60_000;

export interface Signals {
  typing(id: ChatId): void;
  stopTyping(id: ChatId): void;
  watchPresence(who: string, users: readonly UserId[]): void;
  lookAt(id: ChatId | null): void;
  connected(): void;
}

export function createSignals({ core, socket, world, isOnline, onStop }: Engine): Signals {
  const { store } = core;
  const watchers = new Map<string, readonly UserId[]>();
  /** When it was told last that the user types, and where nobody was told yet that they stopped. */
  const typedAt = new Map<ChatId, number>();
  const toldTyping = new Set<ChatId>();
  let active: ChatId | null = null;
  let cancelExpiry = () => {};
  let cancelWatch: (() => void) | null = null;
  let isAway = false;
  let cancelAway = () => {};

  /** Nothing is lost when it doesn't arrive. */
  const ignore = () => {};

  function setTyping(typing: ReturnType<typeof hearTyping>) {
    if (typing !== store.getState().typing) store.setState({ typing });
    cancelExpiry();
    const at = nextExpiry(typing);
    if (at === null) return;
    cancelExpiry = world.after(Math.max(at - world.now(), 0), () =>
      setTyping(expireTyping(store.getState().typing, world.now())),
    );
  }

  function tellState() {
    if (!isOnline()) return;
    const body = { foreground: world.isVisible(), activeChatId: active };
    socket.emit("client:state", body).catch(ignore);
  }

  function tellAway() {
    if (isOnline()) socket.emit("presence:set", { status: isAway ? "away" : "online" }).catch(ignore);
  }

  function setAway(next: boolean) {
    if (isAway === next) return;
    isAway = next;
    tellAway();
  }

  function watchAway() {
    cancelAway();
    if (world.isVisible()) setAway(false);
    else cancelAway = world.after(AWAY_MS, () => setAway(true));
  }

  function hearPresence(updates: readonly PresenceUpdate[]) {
    const news = updates.map(({ userId, status, lastSeenAt }) => [
      userId,
      { status, lastSeenAt: lastSeenAt ?? null },
    ]);
    if (news.length === 0) return;
    store.setState(({ presence }) => ({ presence: { ...presence, ...Object.fromEntries(news) } }));
  }

  function subscribe() {
    if (!isOnline()) return;
    const userIds = [...new Set([...watchers.values()].flat())].slice(0, MAX_WATCHED);
    socket.emit("presence:subscribe", { userIds }).then(hearPresence, ignore);
  }

  function subscribeSoon() {
    cancelWatch ??= world.after(GATHER_MS, () => {
      cancelWatch = null;
      subscribe();
    });
  }

  const offs = [
    socket.on("typing:update", (update) =>
      setTyping(hearTyping(store.getState().typing, update, world.now())),
    ),
    socket.on("presence:update", (update) => hearPresence([update])),
    core.onChange((changes) => {
      for (const change of changes) {
        if (change.kind !== "message") continue;
        setTyping(stopTyping(store.getState().typing, change.message.chatId, change.message.senderId));
      }
    }),
    world.onVisibility(tellState),
    world.onVisibility(watchAway),
  ];
  watchAway();
  onStop(() => {
    for (const off of offs) off();
    cancelExpiry();
    cancelWatch?.();
    cancelAway();
  });

  return {
    typing(id) {
      const now = world.now();
      if (!isOnline() || now - (typedAt.get(id) ?? 0) < TYPING_EVERY_MS) return;
      typedAt.set(id, now);
      toldTyping.add(id);
      socket.emit("typing:start", { chatId: id, kind: "text" }).catch(ignore);
    },
    stopTyping(id) {
      if (!toldTyping.delete(id) || !isOnline()) return;
      socket.emit("typing:stop", { chatId: id }).catch(ignore);
    },
    watchPresence(who, users) {
      if (users.length === 0) watchers.delete(who);
      else watchers.set(who, users);
      subscribeSoon();
    },
    lookAt(id) {
      active = id;
      tellState();
    },
    connected() {
      tellState();
      subscribe();
      // A new connection counts as there.
      if (isAway) tellAway();
    },
  };
}
