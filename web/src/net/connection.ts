/**
 * The connection as a machine: what it is, what happens to it, what it becomes. Pure; `socket.ts`
 * does what it says.
 *
 * Delays grow from 1 to 30 s and vary by half. What the server asked to wait is waited, whatever else
 * happens.
 */

import type { Connection } from "../sync/model";
import type { ErrorCode } from "../wire";

export type Phase =
  | { name: "stopped" }
  /** Nobody looks at this tab. */
  | { name: "asleep" }
  /** A handshake is under way. `isFresh`: with tokens that were renewed just now. */
  | { name: "opening"; tries: number; isFresh: boolean; until: number }
  /** Renewing the tokens before the next handshake. */
  | { name: "renewing"; tries: number }
  /** `comeBackAt`: the server is about to go and said when to return. */
  | {
      name: "open";
      tries: number;
      at: number;
      isSynced: boolean;
      isRenewing: boolean;
      comeBackAt: number | null;
    }
  /** Until the next try. `isAsked`: the server wants it so. */
  | { name: "resting"; tries: number; until: number; isAsked: boolean };

export interface Link {
  phase: Phase;
  /** As the browser says, which may be wrong: tries go on all the same. */
  isNetworkUp: boolean;
  /** Since when there is no connection. */
  downSince: number;
}

export type Happening =
  | { name: "start" }
  | { name: "stop" }
  | { name: "opened" }
  | { name: "synced" }
  | { name: "lost" }
  | { name: "failed" }
  | { name: "refused"; code: ErrorCode; retryAfterMs: number | null }
  | { name: "draining"; reconnectAfterMs: number }
  | { name: "expiring" }
  | { name: "renewed" }
  | { name: "notRenewed" }
  | { name: "over" }
  | { name: "reopen" }
  | { name: "networkUp" }
  | { name: "networkDown" }
  | { name: "hiddenLong" }
  | { name: "shown" }
  /** The time of `opening` or `resting` is over. */
  | { name: "due" };

const OPENING_MS = 20_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const SPREAD_MS = 1_000;
/** A connection that lived shorter does not make the next try any sooner. */
const STEADY_MS = 10_000;

export const STOPPED: Link = { phase: { name: "stopped" }, isNetworkUp: true, downSince: 0 };

/** `chance` is in [0, 1). */
export function next(link: Link, happening: Happening, now: number, chance: number): Link {
  const phase = nextPhase(link, happening, now, chance);
  const isNetworkUp = networkAfter(link.isNetworkUp, happening);
  if (phase === link.phase && isNetworkUp === link.isNetworkUp) return link;
  const isDownNow = isOut(link.phase) && !isOut(phase);
  return { phase, isNetworkUp, downSince: isDownNow ? now : link.downSince };
}

/** What is told; null while there is nothing to tell. */
export function shown({ phase, isNetworkUp, downSince: since }: Link): Connection | null {
  if (phase.name === "stopped") return null;
  if (phase.name === "asleep") return { name: "asleep" };
  if (phase.name === "open") return { name: phase.isSynced ? "online" : "syncing" };
  if (!isNetworkUp) return { name: "offline", since };
  if (phase.name === "resting" && phase.isAsked) return { name: "waiting", since, retryAt: phase.until };
  return { name: "connecting", since };
}

function nextPhase({ phase, isNetworkUp }: Link, happening: Happening, now: number, chance: number): Phase {
  switch (happening.name) {
    case "start":
      return phase.name === "stopped" ? opening(now, 0) : phase;
    case "stop":
    case "over":
      return phase.name === "stopped" ? phase : { name: "stopped" };
    case "opened":
      return phase.name === "opening" ? opened(phase.tries, now) : phase;
    case "synced":
      return phase.name === "open" && !phase.isSynced ? { ...phase, isSynced: true } : phase;
    case "lost":
      return phase.name === "open" ? afterLoss(phase, now, chance) : failed(phase, now, chance);
    case "failed":
      return failed(phase, now, chance);
    case "refused":
      return phase.name === "opening" ? refused(phase, happening, now, chance) : phase;
    case "draining":
      return phase.name === "open" ? { ...phase, comeBackAt: now + happening.reconnectAfterMs } : phase;
    case "expiring":
      return phase.name === "open" && !phase.isRenewing ? { ...phase, isRenewing: true } : phase;
    case "renewed":
      return renewed(phase, now);
    case "notRenewed":
      return notRenewed(phase, now, chance);
    case "reopen":
      return phase.name === "open" ? opening(now, 0, true) : phase;
    case "networkUp":
      return hurried(phase, now);
    case "networkDown":
      return isNetworkUp && phase.name === "open" ? resting(now, 0, chance) : phase;
    case "hiddenLong":
      return phase.name === "stopped" ? phase : { name: "asleep" };
    case "shown":
      return phase.name === "asleep" ? opening(now, 0) : hurried(phase, now);
    case "due":
      return due(phase, now, chance);
  }
}

function networkAfter(isUp: boolean, { name }: Happening): boolean {
  if (name === "networkDown") return false;
  return isUp || name === "networkUp" || name === "opened";
}

/** Where being without a connection counts as nothing amiss. */
function isOut({ name }: Phase): boolean {
  return name === "stopped" || name === "asleep" || name === "open";
}

function opening(now: number, tries: number, isFresh = false): Phase {
  return { name: "opening", tries, isFresh, until: now + OPENING_MS };
}

function opened(tries: number, at: number): Phase {
  return { name: "open", tries, at, isSynced: false, isRenewing: false, comeBackAt: null };
}

function resting(now: number, tries: number, chance: number): Phase {
  return { name: "resting", tries: tries + 1, until: now + delay(tries, chance), isAsked: false };
}

/** Not before `until`, and not all at once then. */
function asked(now: number, tries: number, until: number, chance: number): Phase {
  const wait = Math.max(until - now + chance * SPREAD_MS, delay(tries, chance));
  return { name: "resting", tries: tries + 1, until: now + wait, isAsked: true };
}

export function delay(tries: number, chance: number): number {
  const full = Math.min(FIRST_DELAY_MS * 2 ** Math.min(tries, 10), LONGEST_DELAY_MS);
  return Math.min(Math.round(full * (0.5 + chance)), LONGEST_DELAY_MS);
}

function afterLoss(phase: Extract<Phase, { name: "open" }>, now: number, chance: number): Phase {
  // The server has spread its clients already.
  if (phase.comeBackAt !== null) {
    return { name: "resting", tries: 1, until: Math.max(phase.comeBackAt, now), isAsked: true };
  }
  const wasSteady = now - phase.at >= STEADY_MS;
  return resting(now, wasSteady ? 0 : phase.tries, chance);
}

function failed(phase: Phase, now: number, chance: number): Phase {
  return phase.name === "opening" ? resting(now, phase.tries, chance) : phase;
}

function refused(
  { tries, isFresh }: Extract<Phase, { name: "opening" }>,
  { code, retryAfterMs }: Extract<Happening, { name: "refused" }>,
  now: number,
  chance: number,
): Phase {
  const isStale = code === "token_expired" || code === "unauthenticated";
  // New tokens that are refused as well are no reason to ask for newer ones in a hurry.
  if (isStale) return isFresh ? resting(now, tries, chance) : { name: "renewing", tries };
  return asked(now, tries, now + (retryAfterMs ?? 0), chance);
}

function renewed(phase: Phase, now: number): Phase {
  if (phase.name === "renewing") return opening(now, phase.tries, true);
  // A living connection cannot take the new cookies.
  return phase.name === "open" && phase.isRenewing ? opening(now, 0, true) : phase;
}

function notRenewed(phase: Phase, now: number, chance: number): Phase {
  if (phase.name === "renewing") return resting(now, phase.tries, chance);
  return phase.name === "open" && phase.isRenewing ? { ...phase, isRenewing: false } : phase;
}

/** There is reason to hope: no use in sitting out a delay, unless the server asked for it. */
function hurried(phase: Phase, now: number): Phase {
  return phase.name === "resting" && !phase.isAsked ? opening(now, phase.tries) : phase;
}

function due(phase: Phase, now: number, chance: number): Phase {
  if (phase.name === "opening" && now >= phase.until) return resting(now, phase.tries, chance);
  if (phase.name === "resting" && now >= phase.until) return opening(now, phase.tries);
  return phase;
}
