// Two people, then a group: what everybody does every day.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Nexus, sleep, until } from "../support/nexus.js";
import { Person, text } from "../support/person.js";

let nexus, ann, bob, cleo, stranger;

before(async () => {
  nexus = await Nexus.start({ LIMITS__ENABLED: false });
  [ann, bob, cleo, stranger] = await Promise.all(
    ["ann", "bob", "cleo", "stranger"].map((name) => Person.signUp(nexus, name)));
});

after(() => nexus.stop());

/** Sends over REST and waits until it is committed. */
async function post(person, chat, content, more = {}) {
  const { status, body } = await person.post(`/chats/${chat.id}/messages`, {
    clientId: crypto.randomUUID(), content, ...more,
  });
  assert.equal(status, 202, JSON.stringify(body));
  return until("it is committed", async () => {
    const found = await person.get(`/messages/${body.id}`);
    return found.status === 200 && found.body.message;
  });
}

test("one to one: queued, new, delivered, read", async () => {
  const chat = await ann.direct(bob);
  const [annas, bobs] = [await ann.connect(), await bob.connect()];
  const message = text(chat, "Hello **Bob**");
  const ack = await annas.chat.call("msg:send", message);
  assert.equal(ack.status, "queued");
  assert.equal(ack.clientId, message.clientId);
  const queued = await annas.chat.next("msg:queued");
  assert.deepEqual(queued, { id: ack.id, clientId: message.clientId, chatId: chat.id, status: "queued" });

  const sent = await annas.chat.next("msg:new");
  const got = await bobs.chat.next("msg:new");
  assert.deepEqual(got, sent);
  assert.deepEqual(
    [got.id, got.seq, got.rev, got.senderId, got.content],
    [ack.id, 1, 1, ann.id, "Hello **Bob**"]);
  assert.match(got.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

  assert.deepEqual(await bobs.chat.call("msg:delivered", { chatId: chat.id, seq: 1 }), { ok: true });
  const delivered = await annas.chat.next("status:delivered");
  assert.deepEqual([delivered.chatId, delivered.userId, delivered.seq], [chat.id, bob.id, 1]);
  assert.equal((await bob.get(`/chats/${chat.id}`)).body.chat.me.unread, 1);

  assert.deepEqual(await bobs.chat.call("msg:read", { chatId: chat.id, messageId: got.id }), { ok: true });
  const read = await annas.chat.next("status:read");
  assert.deepEqual([read.chatId, read.userId, read.seq], [chat.id, bob.id, 1]);
  const own = await bobs.chat.next("me:updated", (change) => change.kind === "read");
  assert.equal(own.data.readSeq, 1);
  assert.equal((await bob.get(`/chats/${chat.id}`)).body.chat.me.unread, 0);

  const ledger = (await ann.get(`/messages/${got.id}/ledger`)).body.ledger;
  assert.deepEqual(ledger.map((entry) => entry.stage), ["queued", "committed", "delivered", "read"]);
  annas.close();
  bobs.close();
});

test("a second direct chat with the same person is the first", async () => {
  const first = await ann.direct(cleo);
  const second = await cleo.post("/chats", { type: "direct", memberIds: [ann.id] });
  assert.equal(second.status, 200);
  assert.equal(second.body.chat.id, first.id);
  assert.equal(second.body.chat.peer.username, "ann");
});

test("typing is shown to the others, and ends", async () => {
  const chat = await ann.direct(bob);
  const [annas, bobs] = [await ann.connect(), await bob.connect()];
  annas.typing.socket.emit("typing:start", { chatId: chat.id, kind: "text" });
  const begun = await bobs.typing.next("typing:update");
  assert.deepEqual(begun, { chatId: chat.id, userId: ann.id, kind: "text", typing: true });
  await annas.typing.call("typing:stop", { chatId: chat.id });
  const ended = await bobs.typing.next("typing:update");
  assert.equal(ended.typing, false);
  await annas.typing.call("typing:start", { chatId: chat.id, kind: "voice" });
  // A machine that took its time with the first has let it expire, too.
  assert.equal((await bobs.typing.next("typing:update", (update) => update.typing)).kind, "voice");
  const expired = await bobs.typing.next("typing:update");
  assert.equal(expired.typing, false, "it expires by itself");
  assert.deepEqual(annas.typing.take("typing:update"), [], "not to the one who types");
  annas.close();
  bobs.close();
});

test("presence: online, away, invisible, gone", async () => {
  await ann.direct(bob);
  const bobs = await bob.connect();
  const ask = () => bobs.presence.call("presence:subscribe", { userIds: [ann.id] });
  const of = (status) => bobs.presence.next("presence:update", (update) => update.status === status);
  await until("ann is offline", async () => (await ask())[0].status === "offline");
  const annas = await ann.connect();
  assert.equal((await of("online")).userId, ann.id);
  await annas.presence.call("presence:set", { status: "away" });
  await of("away");
  await annas.presence.call("presence:set", { status: "invisible" });
  await of("offline");
  await annas.presence.call("presence:set", { status: "online" });
  await of("online");
  annas.close();
  assert.ok((await of("offline")).lastSeenAt, "with the time");
  bobs.close();
});

test("edit, react, delete: the message in its new state reaches both", async () => {
  const chat = await ann.group("Changes", bob);
  const [annas, bobs] = [await ann.connect(), await bob.connect()];
  const { id } = await annas.send(chat, "frist");
  await bobs.chat.next("msg:new", (message) => message.id === id);

  assert.deepEqual(await annas.chat.call("msg:edit", { id, content: "first" }), { status: "queued", id });
  const edited = await bobs.chat.next("msg:updated");
  assert.equal(edited.content, "first");
  assert.ok(edited.editedAt);

  await bobs.chat.call("msg:react", { id, emoji: "👍", on: true });
  const [theirs, mine] = [await annas.chat.next("msg:updated", (m) => m.reactions.length > 0), await bobs.chat.next("msg:updated")];
  assert.deepEqual(theirs.reactions, [{ emoji: "👍", count: 1, userIds: [bob.id], mine: false }]);
  assert.deepEqual(mine.reactions, [{ emoji: "👍", count: 1, userIds: [bob.id], mine: true }]);
  await bobs.chat.call("msg:react", { id, emoji: "👍", on: false });
  assert.deepEqual((await bobs.chat.next("msg:updated")).reactions, []);

  const { edits } = (await bob.get(`/messages/${id}/history`)).body;
  assert.deepEqual(edits.map((edit) => edit.content), ["frist", "first"]);

  assert.equal((await bobs.chat.call("msg:edit", { id, content: "mine" })).error.code, "forbidden");
  await annas.chat.call("msg:delete", { id, scope: "all" });
  const deleted = await bobs.chat.next("msg:updated", (message) => message.deletedAt);
  assert.deepEqual([deleted.content, deleted.seq], ["", edited.seq]);
  assert.equal((await annas.chat.call("msg:edit", { id, content: "again" })).error.code, "gone");
  annas.close();
  bobs.close();
});

test("delete for me hides it from me alone", async () => {
  const chat = await ann.group("Hidden", bob);
  const kept = await post(ann, chat, "kept");
  const hidden = await post(ann, chat, "hidden");
  assert.ok((await bob.delete(`/messages/${hidden.id}?scope=me`)).status < 300);
  const ids = async (person) => (await person.messages(chat)).map((message) => message.id);
  assert.ok(!(await ids(bob)).includes(hidden.id));
  assert.ok((await ids(bob)).includes(kept.id));
  assert.ok((await ids(ann)).includes(hidden.id));
});

test("reply, mention, forward", async () => {
  const chat = await ann.group("Replies", bob);
  const question = await post(ann, chat, "Who comes?");
  const answer = await post(bob, chat, "I do", { replyTo: question.id, mentions: [ann.id] });
  assert.deepEqual(answer.replyTo, {
    id: question.id,
    senderId: ann.id,
    seq: question.seq,
    preview: "Who comes?",
  });
  assert.equal((await ann.get(`/chats/${chat.id}`)).body.chat.me.mentions, 1);
  const other = await ann.direct(bob);
  const forwarded = await ann.post(`/messages/${answer.id}/forward`, { chatIds: [other.id] });
  assert.equal(forwarded.status, 202);
  const copy = await until("the copy is there", async () =>
    (await bob.messages(other)).find((message) => message.forwarded));
  assert.deepEqual([copy.content, copy.senderId], ["I do", ann.id]);
});

test("pin, star, mark unread, mute, archive, draft", async () => {
  const chat = await ann.group("Marks", bob);
  const message = await post(ann, chat, "remember this");
  const bobs = await bob.connect();

  assert.ok((await ann.put(`/messages/${message.id}/pin`)).status < 300);
  assert.ok((await bobs.chat.next("msg:updated")).pinnedAt);
  assert.ok((await bob.put(`/messages/${message.id}/star`)).status < 300);
  const star = await bobs.chat.next("me:updated", (change) => change.kind === "star");
  assert.equal(star.data.messageId, message.id);
  const starred = (await bob.get("/starred")).body.messages;
  assert.deepEqual(starred.map((found) => found.id), [message.id]);
  assert.deepEqual((await ann.get("/starred")).body.messages, []);

  await bob.post(`/chats/${chat.id}/read`, { seq: message.seq });
  const changes = {
    unreadFrom: message.seq, pinned: true, archived: true, draft: "not yet",
    mutedUntil: "2100-01-01T00:00:00.000Z",
  };
  const patched = await bob.patch(`/chats/${chat.id}/me`, changes);
  assert.equal(patched.status, 200, JSON.stringify(patched.body));
  const { me } = (await bob.get(`/chats/${chat.id}`)).body.chat;
  for (const [name, value] of Object.entries(changes)) assert.deepEqual(me[name], value, name);
  for (const kind of ["unread", "pin", "archive", "draft", "mute"]) {
    await bobs.chat.next("me:updated", (change) => change.kind === kind);
  }
  await bob.patch(`/chats/${chat.id}/me`, { draft: null, mutedUntil: null, unreadFrom: null });
  const cleared = (await bob.get(`/chats/${chat.id}`)).body.chat.me;
  assert.deepEqual([cleared.draft, cleared.mutedUntil, cleared.unreadFrom, cleared.pinned], [null, null, null, true]);
  bobs.close();
});

test("search finds words in my chats only", async () => {
  const chat = await ann.group("Search", bob);
  const message = await post(ann, chat, "The Zürich timetable changes on Sunday");
  const search = async (person, query) =>
    (await person.get(`/search/messages?${new URLSearchParams(query)}`)).body.messages;
  const found = await until("it is indexed", async () => {
    const hits = await search(bob, { q: "zurich timetable" });
    return hits.length > 0 && hits;
  });
  assert.deepEqual(found.map((hit) => hit.id), [message.id]);
  assert.equal((await search(bob, { q: "timetable", chatId: chat.id, senderId: ann.id })).length, 1);
  assert.deepEqual(await search(bob, { q: "timetable", senderId: bob.id }), []);
  assert.deepEqual(await search(stranger, { q: "timetable" }), []);
});

test("a group: who may do what, and what everybody is told", async () => {
  const bobs = await bob.connect();
  const chat = await ann.group("Walks", bob);
  assert.equal((await bobs.chat.next("chat:new", (heard) => heard.id === chat.id)).title, "Walks");

  const refused = await bob.patch(`/chats/${chat.id}/members/${ann.id}`, { role: "member" });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.code, "forbidden");
  assert.equal((await ann.post(`/chats/${chat.id}/members`, { userIds: [cleo.id] })).status < 300, true);
  const added = await bobs.chat.next("msg:new", (heard) => heard.system?.kind === "members_added");
  assert.deepEqual(added.system.userIds, [cleo.id]);

  assert.ok((await ann.patch(`/chats/${chat.id}/members/${bob.id}`, { role: "admin" })).status < 300);
  await bobs.chat.next("msg:new", (heard) => heard.system?.kind === "role_changed");
  assert.ok((await bob.patch(`/chats/${chat.id}`, { title: "Long walks" })).status < 300);
  await bobs.chat.next("chat:updated", (heard) => heard.title === "Long walks");

  const cleos = await cleo.connect();
  assert.ok((await bob.delete(`/chats/${chat.id}/members/${cleo.id}`)).status < 300);
  const removed = await cleos.chat.next("chat:removed");
  assert.deepEqual(removed, { chatId: chat.id, reason: "removed" });
  await post(ann, chat, "without Cleo");
  await bobs.chat.next("msg:new", (heard) => heard.content === "without Cleo");
  const heard = cleos.chat.take("msg:new").filter((message) => message.content === "without Cleo");
  assert.deepEqual(heard, [], "who was removed hears nothing more");
  assert.equal((await cleo.get(`/chats/${chat.id}/messages`)).status, 404);
  assert.equal((await cleos.send(chat, "hello?")).error.code, "not_found");

  assert.ok((await ann.patch(`/chats/${chat.id}/members/${bob.id}`, { role: "owner" })).status < 300);
  assert.ok((await ann.post(`/chats/${chat.id}/leave`)).status < 300);
  assert.equal((await ann.get(`/chats/${chat.id}`)).status, 404);
  assert.equal((await bob.delete(`/chats/${chat.id}`)).status < 300, true);
  assert.equal((await bobs.chat.next("chat:removed")).reason, "deleted");
  bobs.close();
  cleos.close();
});

test("a stranger cannot tell whether a chat exists", async () => {
  const chat = await ann.direct(bob);
  const line = await stranger.connect();
  const nowhere = { id: "01890000-0000-7000-8000-000000000000" };
  const [real, none] = [await line.send(chat, "hi"), await line.send(nowhere, "hi")];
  assert.deepEqual(real, none);
  assert.equal(real.error.code, "not_found");
  const [page, nothing] = [await stranger.get(`/chats/${chat.id}/messages`), await stranger.get(`/chats/${nowhere.id}/messages`)];
  assert.equal(page.status, 404);
  delete page.body.requestId;
  delete nothing.body.requestId;
  assert.deepEqual(page.body, nothing.body);
  line.close();
});

test("an outbox goes as one array, in order, up to the first refusal", async () => {
  const chat = await ann.group("Outbox", bob);
  const line = await ann.connect();
  const outbox = Array.from({ length: 50 }, (_, number) => text(chat, `from the outbox ${number}`));
  const acks = await line.chat.call("msg:send", outbox);
  assert.deepEqual(acks.map((ack) => [ack.status, ack.clientId]), outbox.map((message) => ["queued", message.clientId]));
  const listed = await until("all are committed", async () => {
    const messages = (await bob.messages(chat)).filter((message) => message.type === "text");
    return messages.length === 50 && messages;
  });
  assert.deepEqual(listed.map((message) => message.clientId), outbox.map((message) => message.clientId));

  const broken = [text(chat, "fine"), text(chat, ""), text(chat, "never sent")];
  const [fine, refused, ...rest] = await line.chat.call("msg:send", broken);
  assert.equal(fine.status, "queued");
  assert.equal(refused.error.code, "validation");
  assert.deepEqual(rest, []);
  const tooMany = await line.chat.call("msg:send", [...outbox, text(chat, "one more")]);
  assert.equal(tooMany.error.code, "malformed");
  line.close();
});

test("another device of mine hears what I do, and a new chat at once", async () => {
  const [phone, laptop] = [await ann.connect(), await (await ann.logIn("laptop")).connect()];
  const chat = await ann.group("Devices", bob);
  await laptop.chat.next("chat:new", (heard) => heard.id === chat.id);
  const { id } = await phone.send(chat, "from the phone");
  assert.equal((await laptop.chat.next("msg:new", (heard) => heard.id === id)).content, "from the phone");
  await sleep(50);
  assert.deepEqual(laptop.chat.take("msg:queued"), [], "queued is for the sending socket");
  phone.close();
  laptop.close();
});
