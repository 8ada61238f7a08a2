/** Chats with everything in them that a screen may have to show. */

import { until } from "../../../e2e/support/nexus.js";
import { type Line, Person } from "../../../e2e/support/person.js";

interface Message {
  id: string;
  seq: number;
  content: string;
}

export interface World {
  /** Who looks at it all; signs in as `ann`. */
  ann: Person;
  direct: string;
  group: string;
  /** Nothing was said there yet. */
  empty: string;
}

const NAMES = {
  ann: "Ann Keller",
  bob: "Bob Marsh",
  eve: "Eve Ångström-Papadopoulos of the Western Isles",
  lea: "ليلى حداد",
  joe: "Joe Unknown",
};

export async function peopled(nexus: unknown): Promise<World> {
  const [ann, bob, eve, lea, joe] = await Promise.all([
    named(nexus, "ann"),
    named(nexus, "bob"),
    named(nexus, "eve"),
    named(nexus, "lea"),
    named(nexus, "joe"),
  ]);
  const lines = { ann: await ann.connect(), bob: await bob.connect(), eve: await eve.connect() };
  const direct = await ann.direct(bob);
  const group = await ann.group("Ferry to the islands", bob, eve, lea);
  const quiet = await ann.group("Book club", lea);
  const away = await ann.direct(eve);
  const empty = await ann.direct(lea);

  await talk(ann, direct, [
    [lines.bob, "Have you seen the timetable? The early boat leaves at **9:05**, the next one only at noon."],
    [lines.ann, "Yes! I booked four seats: https://ferry.example/booking/8841"],
    [lines.ann, "The code for the door is `4711#`"],
    [lines.bob, "Great, thank you"],
    [lines.bob, "👏"],
    [lines.ann, "What shall we bring?\n\n- bread and cheese\n- two lamps\n- the long rope"],
    [
      lines.bob,
      "A_very_long_word_without_any_place_to_break_it_as_people_paste_them_from_logs_now_and_then_0123456789",
    ],
  ]);
  const said = (await ann.messages({ id: direct.id })) as Message[];
  await adorn(ann, bob, said);
  await talk(ann, direct, [[lines.bob, "And don’t forget the charger 🔌"]]);
  await lines.ann.send(direct, "I won’t. See you at the pier!", { replyTo: said.at(-1)?.id });

  await talk(ann, group, [
    [lines.eve, "Who is coming on Saturday? @ann @bob"],
    [lines.ann, "I am"],
    [lines.bob, "Me too, with a friend if there is room"],
    [lines.eve, "There is. Weather looks fine: 18° and hardly any wind.\nBring a jacket all the same."],
  ]);
  await talk(ann, away, [
    [
      lines.eve,
      "I sent the pictures to everybody. Tell me which ones you want to have in the book, then I’ll order it next week.",
    ],
  ]);
  await lines.ann.send(quiet, "Chapter four until Thursday");
  await ann.patch(`/chats/${direct.id}/me`, { pinned: true });
  await ann.patch(`/chats/${away.id}/me`, { mutedUntil: "9999-12-31T23:59:59Z" });
  await ann.patch(`/chats/${quiet.id}/me`, { archived: true });
  await ann.patch(`/chats/${group.id}`, { about: "Four of us, one boat, no signal." });
  await ann.post("/contacts", { userId: bob.id });
  await ann.post("/contacts", { userId: lea.id, nickname: "Lea from the choir" });
  await ann.patch("/users/me/settings", { privacy: { whoCanMessage: "contacts" } });
  await joe.post("/contacts", { userId: ann.id, note: "We met at the pier. May I write to you?" });
  for (const line of Object.values(lines)) line.close();
  return { ann, direct: direct.id, group: group.id, empty: empty.id };
}

async function named(nexus: unknown, name: keyof typeof NAMES): Promise<Person> {
  const person = await Person.signUp(nexus, name);
  await person.patch("/users/me", { displayName: NAMES[name] });
  return person;
}

/** One after the other, each waited for: their order is part of what is looked at. */
async function talk(reader: Person, chat: { id: string }, said: [Line, string][]): Promise<void> {
  for (const [line, text] of said) {
    await line.send(chat, text);
    await until(text, async () => {
      const messages = (await reader.messages(chat)) as Message[];
      return messages.at(-1)?.content === text;
    });
  }
}

/** A reaction, an edit, a pin, a star, and one that was deleted. */
async function adorn(ann: Person, bob: Person, said: Message[]): Promise<void> {
  const [first, booked, code, thanks] = said as [Message, Message, Message, Message];
  await bob.put(`/messages/${booked.id}/reactions/${encodeURIComponent("🎉")}`);
  await ann.put(`/messages/${booked.id}/reactions/${encodeURIComponent("🎉")}`);
  await bob.put(`/messages/${booked.id}/reactions/${encodeURIComponent("👍")}`);
  await ann.patch(`/messages/${code.id}`, { content: "The code for the door is `0815#`" });
  await ann.put(`/messages/${first.id}/pin`);
  await ann.put(`/messages/${booked.id}/star`);
  await bob.delete(`/messages/${thanks.id}?scope=all`);
}
