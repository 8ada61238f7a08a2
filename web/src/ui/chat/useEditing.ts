import { useState } from "react";
import type { UserId } from "../../wire";
import { useActions } from "../frame/messenger";
import type { Writing } from "./composing";

/** The text of a message that is being edited, until it is saved or let go. */
export function useEditing(writing: Writing, onStop: () => void) {
  const actions = useActions();
  const edited = editedIn(writing);
  const [change, setChange] = useState<{ id: string; text: string } | null>(null);
  const text = edited && (change?.id === edited.id ? change.text : edited.content);

  const save = (mentions: UserId[]) => {
    const content = text?.trim() ?? "";
    if (content !== edited?.content) {
      if (writing.kind === "edit") actions.edit(writing.message, content);
      if (writing.kind === "amend") actions.amend(writing.pending, { content, mentions });
    }
    setChange(null);
    onStop();
  };

  return {
    text,
    save,
    setText: (content: string) => edited && setChange({ id: edited.id, text: content }),
  };
}

function editedIn(writing: Writing): { id: string; content: string } | null {
  if (writing.kind === "edit") return writing.message;
  if (writing.kind !== "amend") return null;
  return { id: writing.pending.clientId, content: writing.pending.content };
}
