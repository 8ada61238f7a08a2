/** What a provider's page has led back with, taken from the address once: no ticket stays there. */

export interface Arrival {
  ticket?: string;
  error?: string;
}

let arrived: Arrival | null = read();

function read(): Arrival | null {
  const found = /^#oidc-(ticket|error)=([\w-]+)$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return found[1] === "ticket" ? { ticket: found[2] } : { error: found[2] };
}

/** Leaves it there: what is rendered may be thrown away before it is seen. */
export function seeArrival(): Arrival | null {
  return arrived;
}

/** Whoever asks first deals with it. */
export function takeArrival(): Arrival | null {
  const taken = arrived;
  arrived = null;
  return taken;
}
