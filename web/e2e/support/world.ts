/** Chats with everything in them that a screen may have to show. */

import { until } from "../../../e2e/support/nexus.js";
import { type Line, PASSWORD, Person } from "../../../e2e/support/person.js";
import { appoint } from "./staff";
import { serve, test } from "./test";

interface Chat {
  id: string;
}

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
  /** Where only admins write; where one waits one's turn; with one whom Ann blocks, and who blocks her. */
  notices: string;
  slow: string;
  blocked: string;
  refusing: string;
  /** Bob's, who throws her out of it and takes her back. */
  bob: Person;
  left: string;
  /** The code of a link that lets in, and of one where Ann has asked. */
  openLink: string;
  askedLink: string;
}

const NAMES = {
  ann: "Ann Keller",
  bob: "Bob Marsh",
  eve: "Eve Ångström-Papadopoulos of the Western Isles",
  lea: "ليلى حداد",
  joe: "Joe Unknown",
  max: "Max Loud",
  ivo: "Ivo",
  zoe: "Zoë Grey",
  kim: "Kim Blum",
  root: "Rut Keeper",
};

/** A server with all of them on it, for the tests of a file. */
export function inhabited() {
  const server = serve({}, withProvider);
  let world: World | undefined;
  test.beforeAll(async () => {
    world = await peopled(server.nexus);
  });
  return {
    // An address without a name has no passkeys.
    get url() {
      return server.url.replace("127.0.0.1", "localhost");
    },
    get tour() {
      if (!world) throw new Error("people come before the first test");
      return { url: this.url, world };
    },
  };
}

/** One that nobody asks for anything: its button is all that is looked at. */
const withProvider = (port: number) => `
server.public_url = "http://localhost:${port}"
[[oidc]]
id = "example"
name = "Example"
issuer = "http://localhost:9"
client_id = "chat"
client_secret = "secret"
`;

type People = Record<keyof typeof NAMES, Person>;

export async function peopled(nexus: unknown): Promise<World> {
  const names = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const signedUp = names.map(async (name) => [name, await named(nexus, name)] as const);
  const people = Object.fromEntries(await Promise.all(signedUp)) as People;
  const { ann, bob, eve, lea, joe } = people;
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
  await lines.bob.chat.call("msg:read", { chatId: group.id, seq: 5 });
  await ann.patch(`/chats/${direct.id}/me`, { pinned: true });
  await ann.patch(`/chats/${away.id}/me`, { mutedUntil: "9999-12-31T23:59:59Z" });
  await ann.patch(`/chats/${quiet.id}/me`, { archived: true });
  await ann.patch(`/chats/${group.id}`, { about: "Four of us, one boat, no signal." });
  await ann.post("/contacts", { userId: bob.id });
  await ann.post("/contacts", { userId: lea.id, nickname: "Lea from the choir" });
  await ann.patch("/users/me/settings", { privacy: { whoCanMessage: "contacts" } });
  await joe.post("/contacts", { userId: ann.id, note: "We met at the pier. May I write to you?" });
  for (const line of Object.values(lines)) line.close();
  const edges = await edgesOf(people, group);
  await report(nexus, people, group);
  return { ann, bob, direct: direct.id, group: group.id, empty: empty.id, ...edges };
}

/** Where not everything can be done, and the ways in. */
async function edgesOf({ ann, bob, eve, ivo, lea, max, zoe }: People, group: Chat) {
  const notices = await bob.group("Notices of the harbour office", ann, eve);
  await bob.post(`/chats/${notices.id}/messages`, text("The west pier is closed until Monday."));
  await bob.patch(`/chats/${notices.id}`, { permissions: { send: "admin" } });
  const slow = await bob.group("Assembly", ann, lea);
  await bob.patch(`/chats/${slow.id}`, { slowModeSecs: 3_600 });
  await ann.post(`/chats/${slow.id}/messages`, text("I move that we adjourn."));
  const blocked = await ann.direct(ivo);
  await ivo.post(`/chats/${blocked.id}/messages`, text("Have a look at my shop!"));
  await ann.put(`/blocks/${ivo.id}`);
  const refusing = await ann.direct(zoe);
  await zoe.put(`/blocks/${ann.id}`);
  const left = await bob.group("Choir", ann);

  const open = await bob.group("Open house", eve);
  await bob.patch(`/chats/${open.id}`, { about: "Everybody on the pier is welcome. Bring a cup." });
  const walk = await bob.group("Night walk", eve, lea);
  const askedLink = await linkTo(bob, walk, true);
  await ann.post(`/invites/${askedLink}/join`);
  await max.post(`/invites/${await linkTo(ann, group, true)}/join`);
  return {
    notices: notices.id,
    slow: slow.id,
    blocked: blocked.id,
    refusing: refusing.id,
    left: left.id,
    openLink: await linkTo(bob, open, false),
    askedLink,
  };
}

async function linkTo(person: Person, { id }: Chat, requiresApproval: boolean): Promise<string> {
  return (await person.post(`/chats/${id}/invites`, { requiresApproval })).body.invite.code;
}

/** What moderators find: a report that waits and one that is closed, a ban, an announcement that is over. */
async function report(nexus: unknown, { ann, bob, eve, lea, max, root }: People, group: Chat): Promise<void> {
  const said = (await eve.messages(group)) as Message[];
  const friend = said.find(({ content }) => content.startsWith("Me too"));
  for (const [person, note] of [
    [eve, "He brings a friend each time, and each friend sells something."],
    [lea, null],
  ] as const) {
    await person.post("/reports", { messageId: friend?.id, reason: "spam", note });
  }
  await ann.post("/reports", { userId: bob.id, reason: "impersonation" });
  await appoint(nexus, "root", "admin");
  await root.post("/auth/step-up", { password: PASSWORD });
  const { reports } = (await root.get("/admin/reports?state=open")).body;
  const ofBob = reports.find(({ subject }: { subject: { kind: string } }) => subject.kind === "user");
  await root.post(`/admin/reports/${ofBob.id}/resolve`, { action: "dismiss", note: "It is his own name." });
  await root.post(`/admin/users/${max.id}/ban`, {
    reason: "Advertising in every group, after two warnings",
    until: "2099-01-02T12:00:00Z",
  });
  const announcement = { content: "Back in **ten minutes**", level: "warning" };
  const { body } = await root.post("/admin/announcements", announcement);
  await root.delete(`/admin/announcements/${body.announcement.id}`);
}

function text(content: string): object {
  return { clientId: crypto.randomUUID(), type: "text", content };
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
