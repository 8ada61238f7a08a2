/** What the composer works out: pure. */

import type { Pending } from "../../sync/model";
import { countChars, MAX_CONTENT_CHARS } from "../../text/count";
import { called } from "../../text/names";
import type { Message, User } from "../../wire";

export type Writing =
  | { kind: "new" }
  | { kind: "reply"; message: Message }
  | { kind: "edit"; message: Message }
  /** An own message that has not arrived yet, with other words. */
  | { kind: "amend"; pending: Pending };

/** How many characters are left, once that matters. */
export function charsLeft(text: string): number | null {
  // No character counts more than a code unit, so short texts need no counting.
  if (text.length < MAX_CONTENT_CHARS - 200) return null;
  const left = MAX_CONTENT_CHARS - countChars(text);
  return left <= 200 ? left : null;
}

export function canSendText(text: string): boolean {
  return text.trim() !== "" && (charsLeft(text) ?? 0) >= 0;
}

export interface MentionQuery {
  /** Where the `@` stands. */
  from: number;
  to: number;
  word: string;
}

/** The mention that is being typed at the caret. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const word = /(?:^|[^\p{L}\p{N}_@/])@([\p{L}\p{N}_.]{0,32})$/u.exec(text.slice(0, caret))?.[1];
  if (word === undefined) return null;
  return { from: caret - word.length - 1, to: caret, word: word.toLowerCase() };
}

export function matchesMention(user: User, word: string): boolean {
  const names = [user.username, ...called(user).split(/\s+/)];
  return names.some((name) => name.toLowerCase().startsWith(word));
}
