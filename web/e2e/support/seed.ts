/** What is there before a test begins, written over the socket as any client would. */

import { randomUUID } from "node:crypto";
import { until } from "../../../e2e/support/nexus.js";
import type { Line, Person } from "../../../e2e/support/person.js";

interface Chat {
  id: string;
}

/** As many as one emission takes. */
const AT_ONCE = 50;
const UNREAD_AT_MOST = 500;

/** Sends them in order, and waits until all are in the chat. */
export async function sendAll(
  person: Person,
  line: Line,
  chat: Chat,
  contents: readonly string[],
): Promise<void> {
  const before = await lastSeq(person, chat);
  for (let at = 0; at < contents.length; at += AT_ONCE) {
    const wishes = contents
      .slice(at, at + AT_ONCE)
      .map((content) => ({ chatId: chat.id, clientId: randomUUID(), type: "text", content }));
    const answers: { error?: unknown }[] = await line.chat.call("msg:send", wishes);
    const refused = answers.filter(({ error }) => error);
    if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
    const sent = at + wishes.length;
    // Whoever sends much and reads nothing of it is cut off.
    if (sent % UNREAD_AT_MOST === 0 || sent === contents.length) await stored(person, chat, before + sent);
  }
}

function stored(person: Person, chat: Chat, seq: number): Promise<unknown> {
  const isThere = async () => (await lastSeq(person, chat)) >= seq;
  return until(`message ${seq} is stored`, isThere, 120_000);
}

export async function readAll(person: Person, line: Line, chat: Chat): Promise<void> {
  await line.chat.call("msg:read", { chatId: chat.id, seq: await lastSeq(person, chat) });
}

async function lastSeq(person: Person, chat: Chat): Promise<number> {
  return (await person.get(`/chats/${chat.id}`)).body.chat.lastSeq;
}

const WORDS =
  "the ferry leaves at nine and we should bring bread cheese maps two lamps and the long rope".split(" ");

/** Of 1 to 60 words, the same ones each time. */
export function longTalk(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const length = 1 + ((at * 37) % (at % 5 === 0 ? 60 : 12));
    const words = Array.from({ length }, (_, word) => WORDS[(at * 7 + word * 3) % WORDS.length]);
    return `${at + 1} ${words.join(" ")}`;
  });
}
