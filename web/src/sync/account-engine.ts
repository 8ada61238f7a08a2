/** One account at work in one tab: the parts, wired to the connection. */

import type { StoreApi } from "zustand/vanilla";
import type { Disk, Loaded } from "../disk";
import type { Rest } from "../net/rest";
import type { Socket } from "../net/socket";
import type { Chat, ChatId, ChatRemoved, Me, OwnChange, UserChange } from "../wire";
import { type Account, emptyAccount, type Step } from "./account";
import { type Announcements, createAnnouncements } from "./announcements";
import { changeOwn, hearChat, hearMessage, hearNewChat, hearOwn, hearRemoved, hearStatus } from "./apply";
import { type CatchUp, createCatchUp } from "./catchup";
import { restored } from "./chat";
import { createCore, type Start } from "./core";
import { type Courier, createCourier } from "./courier";
import { createDrafts, type Drafts, isEmpty } from "./drafts";
import type { Engine } from "./engine";
import { createEnvoy, type Envoy } from "./envoy";
import { watchExpiry } from "./expiry";
import { createFinder, type Finder } from "./finder";
import { NO_HABITS } from "./habits";
import { createHistory, type History } from "./history";
import { createIds } from "./ids";
import { createJoiners, type Joiners } from "./joiners";
import { createMentions, type Mentions } from "./mentions";
import type { Connection, State } from "./model";
import { type Outbox, put } from "./outbox";
import { createPeople, type People, peersOf, personOf } from "./people";
import { createPins, type Pins } from "./pins";
import { createRequests, type Requests } from "./requests";
import { BLANK, createScreen } from "./screen";
import { createSignals, type Signals } from "./signals";
import { createTabs } from "./tabs";
import { createWarmer } from "./warmer";
import { createWatermarks, type Watermarks } from "./watermarks";
import { put as putWish, type Wishes } from "./wishes";
import type { World } from "./world";

export interface AccountEngine extends Engine {
  history: History;
  courier: Courier;
  mentions: Mentions;
  watermarks: Watermarks;
  signals: Signals;
  drafts: Drafts;
  people: People;
  envoy: Envoy;
  requests: Requests;
  joiners: Joiners;
  announcements: Announcements;
  finder: Finder;
  pins: Pins;
  /** What the server has answered, before its events tell it. */
  hear: Hear;
  start(): void;
  stop(): void;
}

export interface Hear {
  chat(chat: Chat): void;
  newChat(chat: Chat): void;
  removed(removed: ChatRemoved): void;
  own(change: OwnChange): void;
}

type Profile = "profile" | "account" | "role" | "username";

function isProfile(change: UserChange): change is Extract<UserChange, { kind: Profile }> {
  return ["profile", "account", "role", "username"].includes(change.kind);
}

export interface EngineParts {
  store: StoreApi<State>;
  disk: Disk;
  rest: Rest;
  socket: Socket;
  world: World;
  onProfile(change: Extract<UserChange, { kind: Profile }>): void;
  /** Messages asked for at once. */
  pageSize?: number;
}

/** Messages on disk, of all chats. */
const MAX_CACHED = 50_000;
const EVICT_MS = 60 * 60_000;
const UNSEEN_MS = 30_000;

export function createEngine(me: Me, loaded: Loaded, parts: EngineParts): AccountEngine {
  const { disk, rest, socket, world } = parts;
  const stops: (() => void)[] = [];
  let isStopped = false;
  const store = writableUnless(() => isStopped, parts.store);
  let isOnline = false;
  let connectedAt = 0;
  const tabs = createTabs(world.channel, me.id);
  const core = createCore(store, disk, startOf(me, loaded), world.now);
  const engine: Engine = {
    core,
    disk,
    rest,
    socket,
    world,
    tabs,
    newId: createIds(world),
    isOnline: () => isOnline,
    onStop: (work) => void stops.push(work),
  };
  const catchUp = createCatchUp(engine);
  const history = createHistory(engine, parts.pageSize);
  const mentions = createMentions(engine);
  const warmer = createWarmer(engine, history);
  const courier = createCourier(engine, mentions, catchUp.soon);
  const envoy = createEnvoy(engine);
  const watermarks = createWatermarks(engine);
  const signals = createSignals(engine);
  const people = createPeople(engine);
  const requests = createRequests(engine);
  const joiners = createJoiners(engine);
  const announcements = createAnnouncements(engine);
  const finder = createFinder(engine);
  const pins = createPins(engine);
  const untold = loaded.drafts.filter((draft) => draft.isUntold).map((draft) => draft.chatId);
  const drafts = createDrafts(engine, untold);

  function showConnection(connection: Connection) {
    store.setState({ connection });
    const isConnected = connection.name === "syncing" || connection.name === "online";
    if (connection.name === "syncing") {
      connectedAt = world.now();
      catchUp.connected(caughtUp);
    }
    if (!isConnected) {
      isOnline = false;
      catchUp.disconnected();
      courier.disconnected();
      envoy.disconnected();
    }
  }

  /** Before this, what was sent on the last connection may only seem to be missing. */
  function caughtUp() {
    isOnline = true;
    socket.synced();
    learnPeers();
    for (const room of Object.values(core.account().rooms))
      drafts.hear(room.chat.id, room.chat.me.draft ?? null);
    courier.connected(connectedAt);
    envoy.connected();
    history.connected();
    watermarks.connected();
    signals.connected();
    drafts.connected();
    people.connected();
    requests.connected();
    joiners.connected();
    announcements.connected();
    pins.connected();
    warmer.connected();
  }

  function learnPeers() {
    const rooms = Object.values(core.account().rooms);
    core.learn(peersOf(rooms));
    const groups = rooms.filter((room) => room.chat.type === "group");
    people.need(groups.flatMap(({ chat }) => (chat.lastMessage ? [chat.lastMessage.senderId] : [])));
  }

  function start() {
    const hear =
      <T>(work: (account: Account, body: T) => Step) =>
      (body: T) =>
        core.apply((account) => work(account, body));
    stops.push(
      socket.on("msg:new", (message) => {
        hear(hearMessage)(message);
        joiners.heard(message);
      }),
      socket.on("msg:updated", hear(hearMessage)),
      socket.on(
        "status:delivered",
        hear((account, status) => hearStatus(account, status, false)),
      ),
      socket.on(
        "status:read",
        hear((account, status) => hearStatus(account, status, true)),
      ),
      socket.on("chat:new", (chat) => {
        hear(hearNewChat)(chat);
        core.learn(peersOf([{ chat }]));
      }),
      socket.on("chat:updated", (chat) => {
        hear(hearChat)(chat);
        joiners.changed(chat);
      }),
      socket.on("chat:removed", hear(hearRemoved)),
      socket.on("announcement:new", announcements.hear),
      socket.on("announcement:withdrawn", ({ id }) => announcements.drop(id)),
      socket.on("contact:request", requests.hear),
      socket.on("join:requested", ({ chatId }) => joiners.refresh(chatId)),
      socket.on("join:decided", joiners.decided),
      socket.on("me:updated", hearMine),
      socket.on("msg:failed", courier.failed),
      socket.on("msg:queued", courier.queued),
      socket.on("user:updated", ({ userId }) => people.again(userId)),
      socket.onState(showConnection),
      watchVisibility(world, catchUp),
      tabs.stop,
    );
    watchExpiry(engine)();
    evict();
    learnPeers();
    world.persist();
    socket.start();
  }

  function hearMine(change: UserChange) {
    core.apply((account) => hearOwn(account, change));
    if (change.kind === "draft") drafts.hear(change.data.chatId, change.data.draft ?? null);
    if (change.kind === "dismiss") announcements.drop(change.data.announcementId);
    if (isProfile(change)) parts.onProfile(change);
  }

  let cancelEvict = () => {};
  stops.push(() => cancelEvict());

  /** Those that were opened longest ago first. */
  function evict() {
    cancelEvict = world.after(EVICT_MS, evict);
    const rooms = Object.values(core.account().rooms).toSorted((a, b) => a.openedAt - b.openedAt);
    disk.evict(
      rooms.map((room): ChatId => room.chat.id),
      MAX_CACHED,
    );
  }

  return {
    ...engine,
    history,
    courier,
    mentions,
    watermarks,
    signals,
    drafts,
    people,
    envoy,
    requests,
    joiners,
    announcements,
    finder,
    pins,
    hear: {
      chat: (chat) => core.apply((account) => hearChat(account, chat)),
      newChat: (chat) => core.apply((account) => hearNewChat(account, chat)),
      removed: (removed) => core.apply((account) => hearRemoved(account, removed)),
      own: (change) => core.apply((account) => changeOwn(account, change)),
    },
    start,
    stop() {
      isOnline = false;
      socket.stop();
      for (const stop of stops) stop();
      isStopped = true;
    },
  };
}

/** The store serves the next account then: what still comes for this one is not to be seen in it. */
function writableUnless(isOver: () => boolean, store: StoreApi<State>): StoreApi<State> {
  const setState = (part: Partial<State> | ((state: State) => Partial<State>)) => {
    if (!isOver()) store.setState(part);
  };
  return { ...store, setState };
}

/** Who comes back to a tab after a while wants to know at once what was missed. */
function watchVisibility(world: World, catchUp: CatchUp): () => void {
  let hiddenAt: number | null = world.isVisible() ? null : world.now();
  return world.onVisibility(() => {
    if (!world.isVisible()) hiddenAt = world.now();
    else if (hiddenAt !== null && world.now() - hiddenAt > UNSEEN_MS) catchUp.check();
  });
}

function accountOf(me: Me, { account, rooms }: Loaded): Account {
  const empty = emptyAccount(me.id);
  // Without the account's numbers the chats' would be believed too much.
  if (!account) return empty;
  const hidden = new Set(account.hidden);
  return {
    ...empty,
    userRev: account.userRev,
    knownUserRev: account.userRev,
    receiptsCursor: account.receiptsCursor,
    isComplete: account.isComplete,
    starred: new Set(account.starred),
    hidden,
    contacts: account.contacts,
    blocked: new Set(account.blocked),
    settings: account.settings,
    rooms: Object.fromEntries(rooms.map((room) => [room.chat.id, restored(room, hidden)])),
  };
}

function startOf(me: Me, loaded: Loaded): Start {
  return {
    account: accountOf(me, loaded),
    outbox: loaded.outbox.reduce(put, {} as Outbox),
    wishes: loaded.wishes.reduce(putWish, {} as Wishes),
  };
}

/** What a cold start shows before any network answers. */
export function loadedState(me: Me, loaded: Loaded): Partial<State> {
  const { account, outbox, wishes } = startOf(me, loaded);
  const drafts = loaded.drafts.filter((draft) => !isEmpty(draft));
  return {
    phase: "signed-in",
    me,
    users: Object.fromEntries(loaded.users.map((user) => [user.id, personOf(user, account)])),
    contacts: account.contacts,
    blocked: account.blocked,
    settings: account.settings,
    emoji: loaded.habits ?? NO_HABITS,
    drafts: Object.fromEntries(drafts.map(({ chatId, content, replyTo }) => [chatId, { content, replyTo }])),
    ...createScreen(me.id)(account, outbox, wishes, BLANK),
  };
}
