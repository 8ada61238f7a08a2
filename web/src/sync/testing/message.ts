/** Messages for tests, as short as can be. */

import type { Message } from "../../wire";

export function message(seq: number, part: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    chatId: "a",
    seq,
    rev: seq,
    senderId: "other",
    clientId: `c${seq}`,
    type: "text",
    content: `text ${seq}`,
    media: [],
    replyTo: null,
    forwarded: false,
    mentions: [],
    reactions: [],
    pinnedAt: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    editedAt: null,
    deletedAt: null,
    expiresAt: null,
    system: null,
    ...part,
  };
}
