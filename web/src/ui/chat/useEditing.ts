import { useState } from "react";
import { useActions } from "../frame/messenger";
import { failureOf, wordsFor } from "../kit/failure";
import { toast } from "../kit/toast";
import type { Writing } from "./composing";

/** The text of a message that is being edited. What is refused is kept, to be copied or tried again. */
export function useEditing(writing: Writing, onStop: () => void) {
  const actions = useActions();
  const edited = writing.kind === "edit" ? writing.message : null;
  const [change, setChange] = useState<{ id: string; text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const text = edited && (change?.id === edited.id ? change.text : edited.content);

  const save = async () => {
    if (!edited || text === null || isBusy) return;
    setBusy(true);
    try {
      if (text.trim() !== edited.content) await actions.edit(edited, text.trim());
      setChange(null);
      onStop();
    } catch (error) {
      toast(wordsFor(failureOf(error)));
    } finally {
      setBusy(false);
    }
  };

  return {
    text,
    isBusy,
    save,
    setText: (content: string) => edited && setChange({ id: edited.id, text: content }),
  };
}
