/** What the parts of an engine share. One engine serves one account in one tab. */

import type { Disk } from "../disk";
import type { Rest } from "../net/rest";
import type { Socket } from "../net/socket";
import type { Core } from "./core";
import type { Tabs } from "./tabs";
import type { World } from "./world";

export interface Engine {
  core: Core;
  disk: Disk;
  rest: Rest;
  socket: Socket;
  world: World;
  newId: () => string;
  tabs: Tabs;
  /** Whether a connection is there and all that was missed is known. */
  isOnline(): boolean;
  /** Runs when the engine stops. */
  onStop(work: () => void): void;
}
