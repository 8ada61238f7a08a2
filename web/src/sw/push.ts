/** What a push says, and what becomes of it. */

import * as v from "valibot";
import { pathOf } from "./path";

/** `tag`: a later one with the same takes its place. */
export interface Notice {
  chatId: string;
  title: string;
  body: string;
  tag: string;
  /** Of all chats, for the badge; null: not told. */
  unread: number | null;
}

/** An open tab or window. */
export interface Pane {
  path: string;
  isVisible: boolean;
}

const ID = v.pipe(v.string(), v.regex(/^[\w~-]{1,64}$/));
const text = (most: number) =>
  v.pipe(
    v.string(),
    v.transform((it) => it.slice(0, most)),
  );

const payload = v.object({
  chatId: ID,
  title: v.pipe(text(200), v.minLength(1)),
  body: v.optional(text(400), ""),
  tag: v.optional(ID),
  unread: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), null),
});

export function noticeOf(data: unknown): Notice | null {
  const read = v.safeParse(payload, data);
  return read.success ? { ...read.output, tag: read.output.tag ?? read.output.chatId } : null;
}

/** Not where its reader sees the chat anyway. */
export function isWorthShowing({ chatId }: Pick<Notice, "chatId">, panes: readonly Pane[]): boolean {
  return !panes.some((pane) => pane.isVisible && shows(pane, chatId));
}

/** Which pane a click leads to: the one with the chat, else one in sight, else any; -1: a new one. */
export function paneFor(chatId: string, panes: readonly Pane[]): number {
  const withChat = panes.findIndex((pane) => shows(pane, chatId));
  if (withChat >= 0) return withChat;
  const inSight = panes.findIndex((pane) => pane.isVisible);
  return inSight >= 0 ? inSight : panes.length - 1;
}

function shows({ path }: Pane, chatId: string): boolean {
  return path === pathOf(chatId) || path.startsWith(`${pathOf(chatId)}/`);
}
