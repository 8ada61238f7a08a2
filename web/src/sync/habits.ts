/** What the user is used to, kept on this device alone. */

import type { AccountEngine } from "./account-engine";
import type { EmojiHabits } from "./model";

export const NO_HABITS: EmojiHabits = { recent: [], tone: "none" };
const MOST_KEPT = 24;

export function withUsed({ recent, tone }: EmojiHabits, emoji: string): EmojiHabits {
  return { tone, recent: [emoji, ...recent.filter((other) => other !== emoji)].slice(0, MOST_KEPT) };
}

export function changeHabits({ core, disk }: AccountEngine, change: (now: EmojiHabits) => EmojiHabits): void {
  const emoji = change(core.store.getState().emoji);
  core.store.setState({ emoji });
  void disk.saveHabits(emoji);
}
