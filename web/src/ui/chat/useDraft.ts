import { useEffect, useRef, useState } from "react";
import type { Chat, Message, MessageId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";

/** What comes from elsewhere does not replace text under somebody's fingers. */
const TYPING_MS = 2_000;

/** The text that is being written in a chat; what another tab or device writes is taken over while
 *  nobody types here. The focus tells nothing of that: each tab has one. */
export function useDraft(chat: Chat) {
  const actions = useActions();
  const kept = useMessenger((state) => state.drafts[chat.id]?.content ?? "");
  const [text, setText] = useState(kept);
  const ours = useRef(kept);
  const typedAt = useRef(0);
  useEffect(() => {
    if (kept === ours.current || Date.now() - typedAt.current < TYPING_MS) return;
    ours.current = kept;
    setText(kept);
  }, [kept]);

  const write = (content: string, replyTo: MessageId | null) => {
    ours.current = content;
    typedAt.current = Date.now();
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
