import { createContext, use } from "react";
import type { Pending } from "../../sync/model";
import type { ChatId, Message, MessageId, UserId } from "../../wire";

export type MessageDialog = "delete" | "forward" | "details" | "emoji" | "report";

/** An element, or where the pointer is. */
export type Anchor = Element | { x: number; y: number };

/** What a message in the list can start elsewhere on the screen. */
export interface ChatTools {
  chatId: ChatId;
  isGroup: boolean;
  canSend: boolean;
  canPin: boolean;
  /** Those that are chosen; null while none are chosen from. */
  chosen: ReadonlyMap<MessageId, Message> | null;
  /** Takes it in, or out. */
  select: (message: Message) => void;
  /** What is searched for in the chat, to be marked. */
  words: readonly string[];
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  show: (dialog: MessageDialog, message: Message) => void;
  openMenu: (message: Message, anchor: Anchor) => void;
  showPerson: (id: UserId) => void;
  /** As `edit` and `openMenu`, of a message that has not arrived yet. */
  amend: (pending: Pending) => void;
  openPending: (pending: Pending, anchor: Anchor) => void;
}

export const ChatToolsContext = createContext<ChatTools | null>(null);

export function useChatTools(): ChatTools {
  const tools = use(ChatToolsContext);
  if (!tools) throw new Error("a message stands outside of a chat");
  return tools;
}
