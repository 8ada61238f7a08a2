import { type RefObject, useEffect, useRef } from "react";

let isKept = false;

/** Before a change that renders all anew: the focus is to be where it is now. */
export function keepFocus(): void {
  isKept = true;
}

/** Takes the focus again after such a change. */
export function useKeptFocus<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (isKept) element.current?.focus();
    isKept = false;
  }, []);
  return element;
}
