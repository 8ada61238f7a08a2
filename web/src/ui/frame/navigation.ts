import { navigate } from "wouter/use-browser-location";

/** How many addresses of ours lie behind this one in the history of the tab. */
function depth(): number {
  const state: unknown = history.state;
  const known = typeof state === "object" && state !== null && "depth" in state ? state.depth : 0;
  return typeof known === "number" ? known : 0;
}

export function go(path: string): void {
  if (path === location.pathname + location.search) return;
  navigate(path, { state: { depth: depth() + 1 } });
}

/** Leaves no way back to the address of now. */
export function replace(path: string): void {
  navigate(path, { replace: true, state: { depth: depth() } });
}

/** To where one came from; to `fallback` when that was another site, or a fresh tab. */
export function back(fallback: string): void {
  if (depth() > 0) history.back();
  else replace(fallback);
}
