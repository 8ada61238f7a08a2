import type { ChatId } from "../../wire";

export const SETTINGS_SECTIONS = [
  "profile",
  "account",
  "privacy",
  "devices",
  "notifications",
  "appearance",
  "storage",
  "moderation",
  "shortcuts",
  "about",
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** Where letters lead; also without being signed in. */
export const DOORS = ["forgot", "reset", "verify", "confirm-email", "revert-email", "unsubscribe"] as const;
export type DoorName = (typeof DOORS)[number];

export function doorOf(path: string): DoorName | null {
  return DOORS.find((door) => path === `/${door}`) ?? null;
}

/** Every address of the client. */
export const paths = {
  chats: () => "/",
  archived: () => "/archived",
  search: (query = "") => (query === "" ? "/search" : `/search?q=${encodeURIComponent(query)}`),
  door: (door: DoorName) => `/${door}`,
  contacts: () => "/contacts",
  requests: () => "/requests",
  starred: () => "/starred",
  settings: (section?: SettingsSection) => (section ? `/settings/${section}` : "/settings"),
  /** `seq`: where to go in it. */
  chat: (id: ChatId, seq?: number) => (seq === undefined ? `/chat/${id}` : `/chat/${id}?at=${seq}`),
  join: (code: string) => `/join/${code}`,
  chatInfo: (id: ChatId) => `/chat/${id}/info`,
};

export type Route =
  | { name: "chats" | "archived" | "search" | "contacts" | "requests" | "starred" | "unknown" }
  | { name: "settings"; section: SettingsSection | null }
  | { name: "join"; code: string }
  | { name: "chat" | "chatInfo"; chatId: ChatId };

const PLAIN = ["archived", "search", "starred", "contacts", "requests"] as const;

export function routeOf(path: string): Route {
  const [first, second, third, ...rest] = path.split("/").filter(Boolean).map(decode);
  if (rest.length > 0) return { name: "unknown" };
  if (first === undefined) return { name: "chats" };
  if (first === "chat" && second) {
    if (third === undefined) return { name: "chat", chatId: second };
    return third === "info" ? { name: "chatInfo", chatId: second } : { name: "unknown" };
  }
  if (first === "join" && second && third === undefined) return { name: "join", code: second };
  if (first === "settings" && third === undefined) {
    if (second === undefined) return { name: "settings", section: null };
    const section = SETTINGS_SECTIONS.find((known) => known === second);
    return section ? { name: "settings", section } : { name: "unknown" };
  }
  // Where the letter leads that tells of a copy of one's data.
  if (first === "export" && second === undefined) return { name: "settings", section: "account" };
  const plain = PLAIN.find((known) => known === first);
  return plain && second === undefined ? { name: plain } : { name: "unknown" };
}

/** On which side of a wide window a route shows; a phone shows only that side. */
export function sideOf(route: Route): "list" | "main" {
  switch (route.name) {
    case "chats":
    case "archived":
    case "search":
    case "contacts":
    case "requests":
      return "list";
    case "settings":
      return route.section ? "main" : "list";
    default:
      return "main";
  }
}

/** An address with half an escape in it is no reason to fail. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
