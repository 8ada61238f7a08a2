import { useEffect, useState } from "react";
import type { HalfEdit } from "../../sync/model";
import type { ChatId } from "../../wire";
import { useActions } from "../frame/messenger";
import type { Writing } from "./composing";

/** The text of a message that is being edited, until it is saved or let go; left, it is found again. */
export function useEditing(chatId: ChatId, writing: Writing, onStop: () => void) {
  const actions = useActions();
  const edited = editedIn(writing);
  const [change, setChange] = useState(() => {
    const kept = actions.store.getState().edits[chatId];
    return kept ? { id: editedIn(kept)?.id, text: kept.content } : null;
  });
  const text = edited && (change?.id === edited.id ? change.text : edited.content);

  useEffect(() => {
    const isEdit = writing.kind === "edit" || writing.kind === "amend";
    actions.setEdit(chatId, isEdit && text !== null ? { ...writing, content: text } : null);
  }, [actions, chatId, writing, text]);

  const save = () => {
    const content = text?.trim() ?? "";
    if (content !== edited?.content) {
      if (writing.kind === "edit") actions.edit(writing.message, content);
      if (writing.kind === "amend") actions.amend(writing.pending, content);
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

function editedIn(writing: Writing | HalfEdit): { id: string; content: string } | null {
  if (writing.kind === "edit") return writing.message;
  if (writing.kind !== "amend") return null;
  return { id: writing.pending.clientId, content: writing.pending.content };
}
