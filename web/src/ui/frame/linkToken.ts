import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** The key that a link of a letter brings along, behind the `#`: no server sees it there. */
const token = createStore<string | null>(() => null);

/** Takes keys out of the address bar at once: they are nobody else's, nor the history's. */
export function takeTokens(): void {
  take();
  window.addEventListener("hashchange", take);
}

function take(): void {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found === null) return;
  token.setState(found, true);
  history.replaceState(history.state, "", location.pathname + location.search);
}

export function useLinkToken(): string | null {
  return useStore(token);
}
