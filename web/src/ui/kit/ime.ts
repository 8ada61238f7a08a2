import type { KeyboardEvent } from "react";

/** By it a browser says that an input method has taken the key. Safari says it of the last one by nothing else. */
const TAKEN = 229;

/** Whether a key is an input method's: its Enter, Escape and arrows choose among words. */
export function isComposing({ nativeEvent, keyCode }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || keyCode === TAKEN;
}
