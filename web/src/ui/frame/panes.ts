import { useMemo, useState } from "react";
import { backTo } from "./navigation";
import { paths, type Route, routeOf, sideOf } from "./paths";

export interface Panes {
  route: Route;
  /** What the list's side shows beside a chat, and what the main side shows beside a list. */
  list: Route;
  main: Route | null;
  /** On a phone: the only side that shows. */
  side: "list" | "main";
  /** What the main side shows has an address of its own, to return to from a list. */
  mainPath: string | null;
  /** A list closes to the chat that is open beside it, or to all chats. */
  leaveList: () => void;
}

interface Kept {
  path: string;
  list: Route;
  main: Route | null;
  mainPath: string | null;
  /** Where a list that is being left leads to: there it stands beside it no more. */
  leavesTo: string | null;
}

const CHATS: Route = { name: "chats" };
export const START: Kept = { path: "", list: CHATS, main: null, mainPath: null, leavesTo: null };

/** Beside what an address names stands what was there before, so that neither side ever empties. */
export function usePanes(path: string): Panes {
  const [kept, keep] = useState(() => next(START, path));
  const now = kept.path === path ? kept : next(kept, path);
  if (now !== kept) keep(now);
  return useMemo(() => {
    const route = routeOf(path);
    const leaveList = () => {
      const to = now.mainPath ?? paths.chats();
      // The address alone does not say that: a chat opens beside the list it was found in.
      keep(to === path ? { ...now, list: CHATS } : { ...now, leavesTo: to });
      backTo(to);
    };
    return { ...now, route, side: sideOf(route), leaveList };
  }, [now, path]);
}

/** Pure, for tests: what stands where after going to `path`. */
export function next(before: Kept, path: string): Kept {
  const route = routeOf(path);
  const kept = { ...before, list: before.leavesTo === path ? CHATS : before.list, leavesTo: null };
  switch (route.name) {
    case "chats":
      return { ...START, path };
    case "archived":
    case "search":
    case "contacts":
    case "requests":
      return { ...kept, path, list: route, main: isChat(kept.main) ? kept.main : null };
    case "settings": {
      const main: Route = route.section ? route : { name: "settings", section: "profile" };
      return { ...kept, path, list: { name: "settings", section: null }, main };
    }
    case "chat":
    case "chatInfo": {
      const list = kept.list.name === "settings" ? CHATS : kept.list;
      return { ...START, path, list, main: route, mainPath: path };
    }
    default:
      return { ...START, path, main: route, mainPath: path };
  }
}

function isChat(route: Route | null): boolean {
  return route?.name === "chat" || route?.name === "chatInfo";
}
