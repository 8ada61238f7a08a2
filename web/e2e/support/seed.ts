/** What is there before a test begins, written over the socket as any client would. */

import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { until } from "../../../e2e/support/nexus.js";
import type { Line, Person } from "../../../e2e/support/person.js";

interface Chat {
  id: string;
}

/** Somebody who writes. */
export interface Speaker {
  person: Person;
  line: Line;
}

/** What the speaker of this number says, and what comes of it. */
export interface Utterance {
  by: number;
  content: string;
  /** The index of what it answers: further back than what waits to be stored. */
  answers?: number;
  /** What the next speaker thinks of it. */
  reaction?: string;
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
  await sayAll(
    [{ person, line }],
    chat,
    contents.map((content) => ({ by: 0, content })),
  );
}

/** Has it all said in order, and waits until it is in the chat. Answers the ids of the messages. */
export async function sayAll(
  speakers: readonly Speaker[],
  chat: Chat,
  talk: readonly Utterance[],
): Promise<string[]> {
  const [{ person }] = speakers as [Speaker];
  const before = await lastSeq(person, chat);
  const ids: string[] = [];
  const reactions: { by: number; id: string; emoji: string }[] = [];
  let counted = 0;
  for (const turn of turnsOf(talk)) {
    const wishes = turn.map(({ content, answers }) => ({
      chatId: chat.id,
      clientId: randomUUID(),
      type: "text",
      content,
      ...(answers !== undefined && { replyTo: ids[answers] }),
    }));
    const by = turn[0]?.by ?? 0;
    const answers: { id: string; error?: unknown }[] = await lineOf(speakers, by).chat.call(
      "msg:send",
      wishes,
    );
    const refused = answers.filter(({ error }) => error);
    if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
    for (const [at, { id }] of answers.entries()) {
      ids.push(id);
      const emoji = turn[at]?.reaction;
      if (emoji) reactions.push({ by: by + 1, id, emoji });
    }
    // Whoever sends much and reads nothing of it is cut off.
    if (ids.length - counted >= UNREAD_AT_MOST || ids.length === talk.length) {
      counted = ids.length;
      await stored(person, chat, before + counted);
      const liked = reactions.splice(0).map(({ by, id, emoji }) => {
        return lineOf(speakers, by).chat.call("msg:react", { id, emoji, on: true });
      });
      await Promise.all(liked);
    }
  }
  return ids;
}

/** What one speaker says in a row, as much of it as one emission takes. */
function turnsOf(talk: readonly Utterance[]): Utterance[][] {
  const turns: Utterance[][] = [];
  for (const utterance of talk) {
    const turn = turns.at(-1);
    if (turn && turn[0]?.by === utterance.by && turn.length < AT_ONCE) turn.push(utterance);
    else turns.push([utterance]);
  }
  return turns;
}

function lineOf(speakers: readonly Speaker[], by: number): Line {
  const speaker = speakers[by % speakers.length];
  if (!speaker) throw new Error("nobody speaks");
  return speaker.line;
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
    return `${at + 1} ${wordsFrom(at, length).join(" ")}`;
  });
}

/** Of how many messages one says before the other does. */
const RUNS = [1, 4, 12, 2, 30, 7, 1, 15, 3, 25];

/** Of two, as people write: lines and lists, answers, reactions, emoji alone. The same each time. */
export function mixedTalk(count: number): Utterance[] {
  const turns = RUNS.flatMap((length, turn) => Array<number>(length).fill(turn % 2));
  return longTalk(count).map((text, at) => {
    const by = turns[at % turns.length] ?? 0;
    const number = at + 1;
    const isNearEnd = count - at < 30;
    if (isNearEnd) return { by: 0, content: text };
    if (at % 17 === 5) return { by, content: at % 2 === 0 ? "🎉" : "👍🏽😂" };
    return {
      by,
      content: at % 13 === 4 ? `${number}\n${wordsFrom(at, 6).join("\n")}` : text,
      ...(at % 11 === 3 && at > 2 * UNREAD_AT_MOST && { answers: at - 2 * UNREAD_AT_MOST - (at % 97) }),
      ...(at % 19 === 7 && { reaction: at % 2 === 0 ? "👍" : "🎉" }),
    };
  });
}

function wordsFrom(at: number, count: number): string[] {
  return Array.from({ length: count }, (_, word) => WORDS[(at * 7 + word * 3) % WORDS.length] ?? "");
}

const PAUSE_MS = 3_600_000;
const APART_MS = 40_000;
const BETWEEN_PAUSES = 8;

/**
 * Lets the page believe that the messages up to `last` were written over weeks, until yesterday: a
 * few at a time, with hours in between.
 */
export async function overDays(page: Page, chat: Chat, last: number): Promise<void> {
  const yesterday = Date.now() - 26 * PAUSE_MS;
  const timeOf = (seq: number) => {
    const left = last - seq;
    const pauses = Math.floor(left / BETWEEN_PAUSES);
    return new Date(yesterday - pauses * PAUSE_MS - (left % BETWEEN_PAUSES) * APART_MS).toISOString();
  };
  const older = (_: string, value: unknown) => {
    const { chatId, seq, createdAt } = (value ?? {}) as Record<string, unknown>;
    const isOld = createdAt && chatId === chat.id && typeof seq === "number" && seq <= last;
    return isOld ? { ...(value as object), createdAt: timeOf(seq) } : value;
  };
  const aged = (json: string) => JSON.stringify(JSON.parse(json, older));
  await page.route(new RegExp(`/chats/${chat.id}/messages\\?`), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: aged(await response.text()) });
  });
  await page.routeWebSocket(/socket\.io/, (here) => {
    const there = here.connectToServer();
    there.onMessage((packet) => {
      const at = typeof packet === "string" ? packet.indexOf("[") : -1;
      if (typeof packet !== "string" || at < 0 || !packet.includes(chat.id)) here.send(packet);
      else here.send(packet.slice(0, at) + aged(packet.slice(at)));
    });
  });
}
