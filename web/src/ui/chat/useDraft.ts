import { useEffect, useRef, useState } from "react";
import type { Chat, Message, MessageId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";

/** The text that is being written in a chat; what another device writes is taken over while nobody
 *  types here. */
export function useDraft(chat: Chat, isFocused: () => boolean) {
  const actions = useActions();
  const kept = useMessenger((state) => state.drafts[chat.id]?.content ?? "");
  const [text, setText] = useState(kept);
  const ours = useRef(kept);
  useEffect(() => {
    if (kept === ours.current || isFocused()) return;
    ours.current = kept;
    setText(kept);
  }, [kept, isFocused]);

  const write = (content: string, replyTo: MessageId | null) => {
    ours.current = content;
    setText(content);
    actions.setDraft(chat.id, { content, replyTo });
  };
  return { text, write };
}

/** The message that a kept draft answers, if it is at hand. */
export function useDraftReply(chat: Chat): Message | null {
  const { store } = useActions();
  const [reply] = useState(() => {
    const { drafts, timelines } = store.getState();
    const id = drafts[chat.id]?.replyTo;
    return timelines[chat.id]?.messages.find((message) => message.id === id) ?? null;
  });
  return reply;
}
