/** Where a chat was scrolled to when it was left: view state, gone with the tab. */

import type { ChatId } from "../../wire";

export interface Anchor {
  /** The topmost row that was in sight, and the message to load around for it. */
  key: string;
  seq: number;
  /** How far its top was from the top of the list; negative when cut off. */
  top: number;
}

const anchors = new Map<ChatId, Anchor>();

/** `null`: it was at its end, where opening leads anyway. */
export function keepAnchor(chat: ChatId, anchor: Anchor | null): void {
  if (anchor) anchors.set(chat, anchor);
  else anchors.delete(chat);
}

export function anchorOf(chat: ChatId): Anchor | null {
  return anchors.get(chat) ?? null;
}
