/** What was written in a chat and not sent when it was the user's no more: shown, so that it can be copied. */

import type { ChatId } from "../wire";
import type { Lost, State } from "./model";

/** `state`: as it was shown last. */
export function withLost(before: State["lost"], state: State, id: ChatId): State["lost"] {
  const { [id]: _, ...others } = before;
  const chat = state.chats[id]?.chat;
  const messages = (state.outbox[id] ?? []).map(({ content }) => content);
  const written = [state.drafts[id]?.content.trim() ?? "", state.edits[id]?.content.trim() ?? ""];
  const draft = written.filter((text) => text !== "").join("\n\n");
  if (!chat || (messages.length === 0 && draft === "")) return others;
  return { ...others, [id]: { chat, messages, draft } };
}

export function lostText({ messages, draft }: Lost): string {
  return [...messages, draft].filter((text) => text !== "").join("\n\n");
}
