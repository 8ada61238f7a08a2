import * as v from "valibot";
import { navigate } from "wouter/use-browser-location";
import { routeOf } from "./paths";

/** Of the tab's history as much as one comes back through. */
const LONGEST_TRAIL = 50;
const schema = v.object({ trail: v.array(v.string()) });

/** The addresses of ours that lie behind this one in the history of the tab, the nearest last. */
function trail(): readonly string[] {
  const read = v.safeParse(schema, history.state);
  return read.success ? read.output.trail : [];
}

const here = () => location.pathname + location.search;

export function isHere(path: string): boolean {
  return path === here();
}

export function go(path: string): void {
  if (isHere(path)) return;
  navigate(path, { state: { trail: [...trail(), here()].slice(-LONGEST_TRAIL) } });
}

/** Goes where a link leads, if that is one of the client's own screens. */
export function followOwn(href: string): boolean {
  const { origin, pathname, search } = new URL(href, location.href);
  if (origin !== location.origin || routeOf(pathname).name === "unknown") return false;
  go(pathname + search);
  return true;
}

/** Leaves no way back to the address of now. */
export function replace(path: string): void {
  navigate(path, { replace: true, state: { trail: trail() } });
}

/** To where one came from; to `fallback` when that was another site, or a fresh tab. */
export function back(fallback: string): void {
  if (trail().length > 0) history.back();
  else replace(fallback);
}

/** To an address that one came by, as if nothing had been visited since; else in the place of this one. */
export function backTo(path: string): void {
  const steps = stepsTo(path, trail(), here());
  if (steps > 0) history.go(-steps);
  else replace(path);
}

/** Pure, for tests: 0 where it is not behind, or is here. */
export function stepsTo(path: string, behind: readonly string[], now: string): number {
  if (path === now) return 0;
  const at = behind.findLastIndex((address) => address.split("?")[0] === path);
  return at < 0 ? 0 : behind.length - at;
}
