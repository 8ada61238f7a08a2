import { createContext, type ReactNode, use } from "react";
import { useStore } from "zustand";
import type { Messenger } from "../../sync/messenger";
import type { State } from "../../sync/model";

const Context = createContext<Messenger | null>(null);

export function MessengerProvider({ messenger, children }: { messenger: Messenger; children: ReactNode }) {
  return <Context value={messenger}>{children}</Context>;
}

/** What a screen can do. Never changes, so it needs no care in lists of dependencies. */
export function useActions(): Messenger {
  const messenger = use(Context);
  if (!messenger) throw new Error("a screen stands outside of MessengerProvider");
  return messenger;
}

/**
 * A piece of the state. The selector must answer the same object as long as nothing changed: pick,
 * don't build. Rows pick by id.
 */
export function useMessenger<T>(selector: (state: State) => T): T {
  return useStore(useActions().store, selector);
}
