// The server dies; the default client must not need to know.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Nexus, sleep, until } from "../support/nexus.js";
import { bare, Person, text } from "../support/person.js";

const CLIENTS = 100;

let nexus, people;

before(async () => {
  nexus = await Nexus.start({ LIMITS__ENABLED: false });
  people = await Promise.all(
    Array.from({ length: 10 }, (_, number) => Person.signUp(nexus, `person${number}`)));
});

after(() => nexus.stop());

test("kill -9: a hundred default clients are back, and what they sent offline comes in order", async () => {
  const [ann, bob] = people;
  const chat = await ann.direct(bob);
  const sockets = Array.from({ length: CLIENTS }, (_, number) =>
    bare(nexus.url, "/chat", { auth: { token: people[number % people.length].token } }));
  const connected = () => sockets.filter((socket) => socket.connected).length;
  await until("all are connected", () => connected() === CLIENTS);

  await nexus.kill();
  await until("all have noticed", () => connected() === 0);
  const writer = sockets[0];
  const contents = Array.from({ length: 20 }, (_, number) => `offline ${number}`);
  const acks = contents.map((content) => writer.emitWithAck("msg:send", text(chat, content)));
  await sleep(800);
  const restarted = Date.now();
  await nexus.restart();
  await until("all are back", () => connected() === CLIENTS);
  console.log(`all ${CLIENTS} back ${Date.now() - restarted} ms after the start`);

  for (const ack of await Promise.all(acks)) assert.equal(ack.status, "queued");
  const messages = await until("all are committed", async () => {
    const listed = await bob.messages(chat);
    return listed.length === contents.length && listed;
  });
  assert.deepEqual(messages.map((message) => message.content), contents);
  assert.deepEqual(messages.map((message) => message.seq), contents.map((_, at) => at + 1));
  sockets.forEach((socket) => socket.disconnect());
});

test("who was away catches up by one sync", async () => {
  const [, , ann, bob] = people;
  const chat = await ann.direct(bob);
  const line = await bob.connect();
  await ann.post(`/chats/${chat.id}/messages`, { clientId: "before", content: "before" });
  const { rev } = await line.chat.next("msg:new");
  line.close();
  for (const clientId of ["one", "two"]) {
    await ann.post(`/chats/${chat.id}/messages`, { clientId, content: clientId });
  }
  await until("both are committed", async () => (await bob.messages(chat)).length === 3);

  const again = await bob.connect();
  const answer = await again.chat.call("sync", { userRev: 0, chats: { [chat.id]: rev } });
  const caught = answer.chats.find((sync) => sync.chat.id === chat.id);
  assert.equal(caught.mode, "delta");
  assert.deepEqual(caught.messages.map((message) => message.content), ["one", "two"]);
  assert.equal(caught.toRev, rev + 2);
  assert.equal(caught.chat.me.unread, 3);
  const checked = await again.chat.call("sync:check", {
    userRev: answer.userRev, chats: { [chat.id]: rev },
  });
  assert.deepEqual(checked, { stale: [chat.id], userStale: false });
  again.close();
});

test("a repeated clientId is the same message, for ever", async () => {
  const [, , , , ann, bob] = people;
  const chat = await ann.direct(bob);
  const line = await ann.connect();
  const message = text(chat, "once");
  const [first, second] = await Promise.all([1, 2].map(() => line.chat.call("msg:send", message)));
  assert.equal(first.id, second.id);
  await line.chat.next("msg:new");
  await nexus.kill();
  await nexus.restart();
  await line.connected();
  const third = await line.chat.call("msg:send", message);
  assert.deepEqual(third, { status: "sent", id: first.id, clientId: message.clientId, seq: 1 });
  assert.equal((await bob.messages(chat)).length, 1);
  line.close();
});

test("a polling request with somebody else's session id gets a clean 400", async () => {
  const poll = (sid) => fetch(`${nexus.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`);
  for (const sid of ["of-another-node", "%00", "..%2F", "x".repeat(5_000)]) {
    const answer = await poll(sid);
    assert.equal(answer.status, 400, sid.slice(0, 20));
    assert.equal((await answer.json()).code, 1);
  }
});

test("a polling client whose session is gone starts a new one by itself", async () => {
  const [ann] = people;
  const line = await ann.connect({ transports: ["polling"] });
  const before = line.chat.socket.id;
  await nexus.kill();
  await nexus.restart();
  await until("it is back", () => line.chat.socket.connected && line.chat.socket.id !== before);
  assert.deepEqual(await line.chat.call("client:state", { foreground: true }), { ok: true });
  line.close();
});
