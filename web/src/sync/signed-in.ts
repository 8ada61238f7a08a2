/** What only somebody signed in needs: loaded on demand, so that the way in is light. */

import type { Disk } from "../disk";
import { openDisk } from "../disk";
import type { Session } from "../net/session";
import { type Ears, openSocket, type Socket } from "../net/socket";
import type { UserId } from "../wire";
import { createEngine, loadedState } from "./account-engine";
import { createActions } from "./actions";

export interface SignedIn {
  openDisk(user: UserId, onBroken: () => void): Disk;
  openSocket(options: { session: Session; ears?: Ears }): Socket;
  createEngine: typeof createEngine;
  createActions: typeof createActions;
  loadedState: typeof loadedState;
}

export const signedIn: SignedIn = { openDisk, openSocket, createEngine, createActions, loadedState };
