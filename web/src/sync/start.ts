/** A tab's messenger: follows who is signed in, and runs an engine for them. */

import { createStore } from "zustand/vanilla";
import type { Disk } from "../disk";
import { deleteOtherDisks } from "../disk/leftovers";
import { type About, about, aboutLastTime } from "../net/about";
import { rest as createRest, type Rest } from "../net/rest";
import { createSession, type Session } from "../net/session";
import type { Ears } from "../net/socket";
import type { Me, UserId } from "../wire";
import { accountActions } from "./account-actions";
import type { AccountEngine } from "./account-engine";
import { NO_HABITS } from "./habits";
import type { Messenger } from "./messenger";
import type { State } from "./model";
import { byBrowser } from "./passkeys";
import { asked, refusal } from "./refusal";
import type { SignedIn } from "./signed-in";
import { browserWorld, type World } from "./world";

export interface Start {
  session: Session;
  rest: Rest;
  world: World;
  load(): Promise<SignedIn>;
  ears?: Ears;
  /** What the server says of itself, and said last. */
  about(): Promise<About>;
  aboutLastTime(): About | null;
}

const MIGRATE = "nc-migrate";
const FOLLOW_AGAIN_MS = 5_000;

export function startMessenger(at: Start): Messenger {
  const { session, world } = at;
  const store = createStore<State>(() => ({ ...initialState(world.now()), ...offered(at.aboutLastTime()) }));
  let running: { engine: AccountEngine; me: UserId; disk: Disk } | null = null;
  let wanted: UserId | null = null;
  let entering: Promise<void> = Promise.resolve();

  /** With `me` null: from the cache, if it knows who it belongs to. */
  function enter(user: UserId, me: Me | null): Promise<void> {
    if (wanted !== user) {
      leave();
      wanted = user;
      entering = run(user, me).catch((error) => {
        if (wanted === user) wanted = null;
        throw error;
      });
    } else if (me) become(me);
    return entering;
  }

  async function run(user: UserId, me: Me | null): Promise<void> {
    const { openDisk, openSocket, createEngine, createActions, loadedState } = await at.load();
    if (wanted !== user) return;
    Object.assign(
      messenger,
      createActions(engine, () => running?.engine ?? null, at.rest, become),
    );
    const disk = openDisk(user, () => wanted === user && store.setState({ isCacheOff: true }));
    const loaded = await world.exclusively(MIGRATE, () => disk.load());
    const current = knownMe(user) ?? me ?? loaded.me;
    if (wanted !== user || !current) {
      disk.close();
      if (wanted === user) wanted = null;
      return;
    }
    store.setState(loadedState(current, loaded));
    const parts = {
      store,
      disk,
      rest: at.rest,
      socket: openSocket({ session, ears: at.ears }),
      world,
      onProfile,
    };
    running = { engine: createEngine(current, loaded, parts), me: user, disk };
    disk.saveMe(current);
    running.engine.start();
    await deleteOtherDisks(() => session.lastUserId()).catch(() => {});
  }

  type OwnData =
    | { displayName: string; about: string }
    | { email: string; emailVerified: boolean }
    | Pick<Me, "role">
    | { username: string };

  function onProfile({ data }: { data: OwnData }) {
    const { me } = store.getState();
    if (me) become({ ...me, ...data });
  }

  function knownMe(user: UserId): Me | null {
    const state = session.state();
    return state.name === "signed-in" && state.me.id === user ? state.me : null;
  }

  function become(me: Me) {
    store.setState({ me });
    running?.disk.saveMe(me);
  }

  /** Nothing of the account stays in memory. */
  function leave() {
    wanted = null;
    running?.engine.stop();
    running?.disk.close();
    running = null;
    const { features, providers } = store.getState();
    store.setState({ ...initialState(world.now()), features, providers });
  }

  async function signedOut() {
    const before = store.getState();
    // Heard of twice at a start.
    const lost = running ? Object.values(before.outbox).flat().length : before.lostAtEnd;
    leave();
    const state = session.state();
    const endedBy = state.name === "signed-out" ? endOf(state.reason) : null;
    store.setState({ phase: "signed-out", endedBy, lostAtEnd: endedBy ? lost : 0 });
    await deleteOtherDisks(() => session.lastUserId()).catch(() => {});
  }

  function follow() {
    const state = session.state();
    if (state.name === "signed-in") enter(state.me.id, state.me).catch(followAgain);
    else if (state.name === "signed-out") signedOut();
    else leave();
  }

  /** A part of the program did not come, and without it there is nothing to see. */
  function followAgain() {
    world.after(FOLLOW_AGAIN_MS, () => wanted === null && session.state().name === "signed-in" && follow());
  }

  async function begin() {
    // Without an answer it is as it was.
    at.about().then(
      (server) => store.setState(offered(server)),
      () => {},
    );
    const last = session.lastUserId();
    if (last) await enter(last, null).catch(() => {});
    session.subscribe(follow);
    await session.resume().catch(() => {
      // Nobody answers. Without a cache there is nothing to show but the way in.
      if (!running) store.setState({ phase: "signed-out" });
    });
    if (session.state().name === "signed-out") follow();
  }

  const engine = () => {
    if (!running) throw refusal("unauthenticated", "sign in first");
    return running.engine;
  };

  // What only an account can do comes with it, before its first screen.
  const messenger = {
    store,
    ...accountActions(at.rest, async () => {
      const asked = running;
      if (!asked) return;
      const me = await at.rest.users.me();
      if (running === asked) become(me);
    }),
    signUp: (wish) => asked(session.signUp(wish).then((me) => enter(me.id, me))),
    async signInByTicket(wish) {
      await asked(session.signInByTicket(wish).then((me) => enter(me.id, me)));
      return { hasStayed: session.hasStayed() };
    },
    signUpByTicket: (wish) => asked(session.signUpByTicket(wish).then((me) => enter(me.id, me))),
    signInByPasskey: () =>
      byBrowser(async ({ usePasskey }) => {
        const me = await session.signInByPasskey(usePasskey);
        await enter(me.id, me);
        return { hasStayed: session.hasStayed() };
      }),
    async signIn(wish) {
      await asked(session.signIn(wish).then((me) => enter(me.id, me)));
      return { hasStayed: session.hasStayed() };
    },
    async signOut() {
      await session.signOut().catch(() => {});
      await signedOut();
    },
    async signOutEverywhere() {
      await asked(session.signOutEverywhere());
      await signedOut();
    },
    async deleteAccount(messages) {
      const until = await asked(at.rest.account.deleteMe(messages));
      session.revoked("deleted");
      return until;
    },
    storageUsed: () => world.storageUsed(),
  } as Messenger;
  begin();
  return messenger;
}

export function initialState(now: number): State {
  return {
    phase: "starting",
    me: null,
    connection: { name: "connecting", since: now },
    chats: {},
    order: [],
    isListComplete: false,
    users: {},
    presence: {},
    typing: {},
    outbox: {},
    changes: {},
    drafts: {},
    edits: {},
    emoji: NO_HABITS,
    starred: new Set(),
    timelines: {},
    pins: {},
    gone: {},
    lost: {},
    contacts: {},
    blocked: new Set(),
    requests: null,
    announcements: [],
    joiners: {},
    joinsDecided: 0,
    settings: null,
    features: new Set(),
    providers: [],
    endedBy: null,
    lostAtEnd: 0,
    isCacheOff: false,
  };
}

/** Who signs out knows it. */
function endOf(reason: State["endedBy"]): State["endedBy"] {
  return reason === "logout" ? null : reason;
}

function offered(server: About | null): Pick<State, "features" | "providers"> {
  return { features: new Set(server?.features), providers: server?.oidc ?? [] };
}

export function inBrowser(ears: Ears): Start {
  const session = createSession();
  return {
    session,
    ears,
    rest: createRest(session),
    world: browserWorld(),
    about,
    aboutLastTime,
    load: async () => (await import("./signed-in")).signedIn,
  };
}
