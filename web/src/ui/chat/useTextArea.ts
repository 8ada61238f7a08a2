import { useCallback, useEffect, useLayoutEffect, useRef } from "react";

/** A text box whose caret stays where it belongs when text is put in from outside. */
export function useTextArea() {
  const ref = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    ref.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  // Opening a keyboard over the messages is for the reader to decide.
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]"))
      ref.current?.focus();
  }, []);

  const focus = useCallback(() => ref.current?.focus(), []);
  const insert = (text: string, piece: string, from?: number, to?: number) => {
    const start = from ?? ref.current?.selectionStart ?? text.length;
    const end = to ?? ref.current?.selectionEnd ?? text.length;
    caret.current = start + piece.length;
    return { text: text.slice(0, start) + piece + text.slice(end), caret: caret.current };
  };
  return { ref, focus, insert };
}
