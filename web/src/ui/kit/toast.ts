import { createStore } from "zustand/vanilla";
import { announce } from "./announce";

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
  /** Stays until it is pressed away. */
  isLasting?: boolean;
}

export const toasts = createStore<readonly Toast[]>(() => []);

let born = 0;

/** Says something in passing. The same words are not said twice at a time. */
export function toast(text: string, options: Omit<Toast, "id" | "text"> = {}): void {
  const id = ++born;
  announce(text);
  const others = toasts.getState().filter((shown) => shown.text !== text);
  toasts.setState([...others, { id, text, ...options }].slice(-3), true);
}

export function dismiss(id: number): void {
  toasts.setState(
    toasts.getState().filter((shown) => shown.id !== id),
    true,
  );
}
