import { createStore } from "zustand/vanilla";
import { announce, type Politeness } from "./announce";

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
  /** Stays until it is pressed away. */
  isLasting?: boolean;
}

export const toasts = createStore<readonly Toast[]>(() => []);

let born = 0;

type Options = Omit<Toast, "id" | "text">;

/** Says something in passing. The same words are not said twice at a time. */
export function toast(text: string, options: Options = {}): void {
  say(text, options, "polite");
}

/** Says what failed: a screen reader breaks off for it. */
export function warn(text: string, options: Options = {}): void {
  say(text, options, "assertive");
}

function say(text: string, options: Options, politeness: Politeness): void {
  const id = ++born;
  announce(text, politeness);
  const others = toasts.getState().filter((shown) => shown.text !== text);
  toasts.setState([...others, { id, text, ...options }].slice(-3), true);
}

export function dismiss(id: number): void {
  toasts.setState(
    toasts.getState().filter((shown) => shown.id !== id),
    true,
  );
}
