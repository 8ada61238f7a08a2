import { useEffect, useRef, useState } from "react";
import type { Chat, ChatId, MessageId } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { failureOf } from "../kit/failure";
import type { Writing } from "./composing";

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

/**
 * What a draft answers is kept with it, and looked up when the chat is opened again. Answers with what
 * is not found yet, so that nobody forgets it meanwhile.
 */
export function useDraftReply(chat: Chat, writing: Writing, onWriting: (writing: Writing) => void) {
  const actions = useActions();
  const isOnline = useMessenger((state) => state.connection.name === "online");
  const { id } = chat;
  // Who is at something else has what the draft answers no more.
  const [wanted, setWanted] = useState(() => (writing.kind === "new" ? draftOf(actions, id).replyTo : null));
  const forget = () => setWanted(null);

  // Without a network it may be nowhere: then the next one brings it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a connection is a reason to ask again
  useEffect(() => {
    if (wanted === null) return;
    let isHere = true;
    actions.messageOf(id, wanted).then(
      (message) => {
        if (!isHere) return;
        setWanted(null);
        if (!message.deletedAt) onWriting({ kind: "reply", message });
      },
      (error) => isHere && !failureOf(error).isRetryable && setWanted(null),
    );
    return () => {
      isHere = false;
    };
  }, [actions, id, wanted, onWriting, isOnline]);

  const chosen = writing.kind === "reply" ? writing.message.id : null;
  useEffect(() => {
    const draft = draftOf(actions, id);
    if (chosen !== null) actions.setDraft(id, { ...draft, replyTo: chosen });
    // An edit leaves the draft as it was, and comes back to it.
    setWanted(writing.kind === "new" ? draft.replyTo : null);
  }, [actions, id, writing.kind, chosen]);

  return { replyId: chosen ?? wanted, forget };
}

function draftOf({ store }: ReturnType<typeof useActions>, id: ChatId) {
  return store.getState().drafts[id] ?? { content: "", replyTo: null };
}
