import { t } from "../../i18n";
import type { Notice } from "../../shell";
import type { State } from "../../sync/model";
import { previewText } from "../../text/markdown";
import { chatName, nameOf } from "../../text/names";
import type { ChatId, Message } from "../../wire";
import { isMuted } from "../chats/chatFacts";

/** What came between two states that somebody who looks elsewhere wants to hear of. */
export function noticesOf(before: State, after: State, previews: boolean, now: number): Notice[] {
  if (before.chats === after.chats) return [];
  const notices: Notice[] = [];
  for (const { chat } of Object.values(after.chats)) {
    const known = before.chats[chat.id];
    const last = chat.lastMessage;
    // A chat that was not known yet may be old: only what is added to a known one is news.
    if (!known || !last || chat.lastSeq <= known.chat.lastSeq || last.seq <= chat.me.readSeq) continue;
    const isOwn = last.senderId === after.me?.id;
    const isQuiet = isMuted(chat.me, now) && !last.mentions.includes(after.me?.id ?? "");
    if (isOwn || isQuiet || last.system || last.deletedAt) continue;
    const text = (previews && wordsOf(last)) || t("frame.newMessage");
    const isGroup = chat.type === "group";
    notices.push({
      chatId: chat.id,
      title: chatName(chat, after.users),
      body: isGroup ? `${nameOf(after.users, last.senderId)}: ${text}` : text,
      tag: chat.id,
    });
  }
  return notices;
}

/** One that this version of the client chokes on is told of without them. */
function wordsOf({ content }: Message): string | null {
  try {
    return previewText(content);
  } catch {
    return null;
  }
}

/** Chats of which nothing waits any more: they were read, here or elsewhere, or are gone. */
export function settledOf(before: State, after: State): ChatId[] {
  if (before.chats === after.chats) return [];
  const waited = Object.values(before.chats).filter(({ chat }) => chat.me.unread > 0);
  return waited.map(({ chat }) => chat.id).filter((id) => !after.chats[id]?.chat.me.unread);
}
