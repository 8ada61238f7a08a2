/** Who asks to be a contact, and whom the user has asked. */

import type { ContactRequest } from "../wire";
import type { Engine } from "./engine";

/** More than anybody looks through. */
const MOST = 200;

export interface Requests {
  load(): Promise<void>;
  /** A new one, or one that was accepted. */
  hear(request: ContactRequest): void;
  drop(id: string): void;
  connected(): void;
}

export function createRequests({ core, rest, isOnline, onStop }: Engine): Requests {
  const { store } = core;

  async function load() {
    const requests: ContactRequest[] = [];
    for (let cursor: string | null | undefined; cursor !== null && requests.length < MOST; ) {
      const page = await rest.contacts.requests({ cursor, limit: 100 });
      requests.push(...page.requests);
      cursor = page.nextCursor ?? null;
    }
    core.learn(requests.map((request) => request.user));
    store.setState({ requests });
  }

  function loadIfOffered() {
    if (!isOnline() || !store.getState().features.has("contacts")) return;
    // Without an answer the list stays as it was; its screen asks again.
    load().catch(() => {});
  }

  onStop(
    store.subscribe((now, before) => {
      if (now.features !== before.features) loadIfOffered();
    }),
  );

  function drop(id: string) {
    store.setState(({ requests }) => ({ requests: requests?.filter((other) => other.id !== id) ?? null }));
  }

  return {
    load,
    drop,
    hear(request) {
      drop(request.id);
      core.learn([request.user]);
      if (request.accepted) return;
      store.setState(({ requests }) => ({ requests: [request, ...(requests ?? [])] }));
    },
    connected: loadIfOffered,
  };
}
