/** What a client believes beside what the server has, in words; empty when they agree. */

import type { Message } from "../../wire";
import type { Room } from "../chat";
import { isExact } from "../unread";
import { ME, type Server } from "./server";
import type { Tab } from "./tab";

export async function differences(server: Server, tab: Tab): Promise<string[]> {
  const { core } = tab.parts;
  const { rooms, timelines, userRev, starred, hidden } = core.account();
  const found: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown) => {
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
    if (a !== b) found.push(`${what}: ${a} against ${b}`);
  };
  same("userRev", userRev, server.userRev());
  same("starred", [...starred].sort(), [...server.starred].sort());
  for (const theirs of server.rooms) {
    const ours = rooms[theirs.id];
    if (!ours || !theirs.isMember) {
      same(`membership of ${theirs.id}`, Boolean(ours), theirs.isMember);
      continue;
    }
    compareRoom(server, ours, same);
    const visible = server.visible(theirs);
    const timeline = timelines[theirs.id];
    if (timeline) {
      same(`timeline of ${theirs.id}`, brief(timeline.messages), between(visible, timeline));
      const isAtEnd = timeline.to >= theirs.messages.length;
      same(`end of ${theirs.id} is known`, timeline.newer === "end", isAtEnd);
    }
    for (let seq = 1; seq <= theirs.messages.length; seq += 1) {
      const run = await tab.parts.disk.runAround(theirs.id, seq, 1_000);
      // Another tab may have written what this one hides.
      const shown = run?.messages.filter((message) => !hidden.has(message.id)) ?? [];
      if (run) same(`disk of ${theirs.id} at ${seq}`, brief(shown), between(visible, run));
    }
  }
  return found;
}

type Same = (what: string, ours: unknown, theirs: unknown) => void;

function compareRoom(server: Server, ours: Room, same: Same) {
  const { id } = ours.chat;
  const theirs = server.view(server.at(id));
  const { readSeq, unread, mentions, pinned, unreadFrom } = ours.chat.me;
  same(`rev of ${id}`, ours.rev, theirs.lastRev);
  same(`seq of ${id}`, ours.seq, theirs.lastSeq);
  same(`title of ${id}`, ours.chat.title, theirs.title);
  same(`readSeq of ${id}`, readSeq, theirs.me.readSeq);
  same(`unread of ${id} (exact: ${isExact(ours.tally, readSeq)})`, unread, theirs.me.unread);
  same(`mentions of ${id}`, mentions, theirs.me.mentions);
  same(`pinned of ${id}`, pinned, theirs.me.pinned);
  same(`unreadFrom of ${id}`, unreadFrom ?? null, theirs.me.unreadFrom ?? null);
  same(`last message of ${id}`, ours.chat.lastMessage?.rev, theirs.lastMessage?.rev);
  for (const receipt of theirs.receipts) {
    // One's own "delivered" is only ever told, never shown.
    const mark = receipt.userId === ME ? "readSeq" : "deliveredSeq";
    same(`${mark} of ${receipt.userId} in ${id}`, ours.receipts[receipt.userId]?.[mark], receipt[mark]);
    same(`read by ${receipt.userId} in ${id}`, ours.receipts[receipt.userId]?.readSeq, receipt.readSeq);
  }
}

function between(messages: readonly Message[], { from, to }: { from: number; to: number }): string[] {
  return brief(messages.filter((message) => message.seq >= from && message.seq <= to));
}

function brief(messages: readonly Message[]): string[] {
  return messages.map(({ seq, rev, content }) => `${seq}/${rev} ${content}`);
}
