/** Which requests the service worker answers, and from where. */

export type Source =
  /** The kept page, which finds its way by the address. */
  | "page"
  /** Kept since its first use: its name stands for its content. */
  | "asset"
  /** Kept since its first use, and renewed behind the scenes. */
  | "data"
  | "network";

interface Asked {
  url: URL;
  origin: string;
  method: string;
  isNavigation: boolean;
}

/** What only the server answers. */
const SERVER_ONLY = new Set(["api", "socket.io", ".well-known", "healthz", "readyz", "metrics", "errors"]);

export function sourceOf({ url, origin, method, isNavigation }: Asked): Source {
  if (url.origin !== origin || method !== "GET") return "network";
  const [first = "", ...rest] = url.pathname.split("/").slice(1);
  if (SERVER_ONLY.has(first)) return "network";
  if (isNavigation) return [first, ...rest].some((part) => part.includes(".")) ? "network" : "page";
  if (first === "assets") return "asset";
  return first === "emoji" ? "data" : "network";
}
