// What a server does with rude, hurried and unlucky clients; and how it says goodbye.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Nexus, sleep, until } from "../support/nexus.js";
import { Person, text } from "../support/person.js";

let nexus, ann, bob, chat;

before(async () => {
  nexus = await Nexus.start();
  ann = await Person.signUp(nexus, "ann");
  bob = await Person.signUp(nexus, "bob");
  chat = await ann.direct(bob);
});

after(() => nexus.stop());

test("malformed payloads are answered, and the connection stays", async () => {
  const line = await ann.connect();
  const id = "01890000-0000-7000-8000-000000000000";
  const codes = async (ear, event, payloads) => {
    for (const payload of payloads) {
      const { error } = await ear.call(event, ...payload);
      const what = `${event} ${JSON.stringify(payload).slice(0, 80)} -> ${JSON.stringify(error)}`;
      assert.ok(["malformed", "validation", "not_found"].includes(error?.code), what);
      assert.equal(typeof error.message, "string", what);
      assert.equal(error.retryable, false, what);
    }
  };
  const good = text(chat, "hello");
  await codes(line.chat, "msg:send", [
    [], [null], [7], ["text"], [{}], [[]], [[7]], [good, good],
    [{ ...good, chatId: { $gt: "" } }], [{ ...good, chatId: "nowhere" }], [{ ...good, content: ["x"] }],
    [{ ...good, unknown: 1 }], [{ ...good, senderId: bob.id }], [{ ...good, content: "" }],
    [{ ...good, content: "x".repeat(4_001) }], [{ ...good, clientId: "" }],
    [{ ...good, clientId: "x".repeat(65) }], [{ ...good, type: "system" }], [{ ...good, replyTo: id }],
    [{ ...good, mentions: [id] }],
  ]);
  await codes(line.chat, "msg:edit", [[], [{ id, content: 7 }], [{ id, content: "x" }]]);
  await codes(line.chat, "msg:delete", [[{ id, scope: "everyone" }]]);
  await codes(line.chat, "msg:react", [[{ id, emoji: "👍" }], [{ id, emoji: "👍", on: true }]]);
  await codes(line.chat, "msg:read", [[{ chatId: chat.id }], [{ chatId: chat.id, seq: -1 }]]);
  await codes(line.chat, "sync", [[{ chats: [] }], [{ userRev: "one" }]]);
  await codes(line.chat, "no:such:event", [[{}]]);
  await codes(line.presence, "presence:set", [[{ status: "dancing" }]]);
  await codes(line.presence, "presence:subscribe", [[{ userIds: Array(201).fill(id) }]]);
  await codes(line.typing, "typing:start", [[{ chatId: id }], [{ chatId: chat.id, kind: "smell" }]]);
  assert.equal((await line.send(chat, "still here")).status, "queued");
  line.close();
});

test("who writes too fast is told when to go on", async (t) => {
  // So slow that no disk is slower.
  const own = await Nexus.start({ LIMITS__SEND__COUNT: 1, LIMITS__SEND__PER_SECS: 5, LIMITS__SEND__BURST: 10 });
  t.after(() => own.stop());
  const [cleo, dan] = [await Person.signUp(own, "cleo"), await Person.signUp(own, "dan")];
  const chat = await cleo.direct(dan);
  const line = await cleo.connect();
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, number) => line.send(chat, `fast ${number}`)));
  const refused = answers.filter((answer) => answer.error);
  assert.ok(refused.length > 0 && refused.length < answers.length, `${refused.length} refused`);
  for (const { error } of refused) {
    assert.equal(error.code, "rate_limited");
    assert.equal(error.retryable, true);
    assert.ok(error.retryAfterMs > 0);
  }
  await sleep(Math.max(...refused.map(({ error }) => error.retryAfterMs)) + 200);
  assert.equal((await line.send(chat, "slower")).status, "queued");
  line.close();
});

test("REST says the same in its own way", async () => {
  const answers = [];
  for (let tries = 0; tries < 10; tries += 1) {
    answers.push(await new Person(nexus, "ann").post("/auth/login", { identifier: "ann", password: "wrong" }));
  }
  const limited = answers.find((answer) => answer.status === 429);
  assert.ok(limited, answers.map((answer) => answer.status).join());
  assert.equal(limited.body.code, "rate_limited");
  assert.ok(Number(limited.headers.get("retry-after")) > 0);
  const { status, headers, body } = await ann.post("/chats", { type: "group", memberIds: [], titel: "typo" });
  assert.deepEqual([status, body.code], [400, "malformed"]);
  assert.match(headers.get("content-type"), /^application\/problem\+json/);
  assert.ok(body.requestId);
});

test("the same Idempotency-Key does it once", async () => {
  const create = () => ann.request("POST", "/chats",
    { type: "group", title: "Once", memberIds: [bob.id] }, { "idempotency-key": "create-once" });
  const [first, second] = [await create(), await create()];
  assert.equal(second.status, first.status);
  assert.equal(second.body.chat.id, first.body.chat.id);
});

test("the published contract, the probes and the features are there", async () => {
  for (const [path, check] of [
    ["/healthz", () => true],
    ["/readyz", () => true],
    ["/api/openapi.json", (body) => JSON.parse(body).openapi.startsWith("3.1")],
    ["/api/asyncapi.json", (body) => JSON.parse(body).asyncapi.startsWith("3.")],
    ["/.well-known/nexuschat", (body) => JSON.parse(body).version],
    ["/.well-known/jwks.json", (body) => JSON.parse(body).keys.length > 0],
  ]) {
    const answer = await fetch(`${nexus.url}${path}`);
    assert.equal(answer.status, 200, path);
    assert.ok(check(await answer.text()), path);
  }
});

test("SIGTERM under load: everybody is told, nothing accepted is lost, exit code 0", async (t) => {
  const own = await Nexus.start({ LIMITS__ENABLED: false });
  t.after(() => own.stop());
  const [cleo, dan] = [await Person.signUp(own, "cleo"), await Person.signUp(own, "dan")];
  const chat = await cleo.direct(dan);
  const [cleos, dans] = [await cleo.connect(), await dan.connect()];
  const accepted = [];
  let sending = true;
  t.after(() => { sending = false; });
  const load = (async () => {
    for (let number = 0; sending; number += 1) {
      const message = text(chat, `number ${number}`);
      const ack = await cleos.chat.socket.timeout(2_000).emitWithAck("msg:send", message).catch(() => null);
      if (ack?.status) accepted.push(message.clientId);
      await sleep(2);
    }
  })();
  await until("some are accepted", () => accepted.length > 30);
  assert.equal(await own.terminate(), 0);
  for (const line of [cleos, dans]) {
    const { reconnectAfterMs } = await line.chat.next("server:draining");
    assert.ok(reconnectAfterMs >= 0 && reconnectAfterMs <= 10_000);
  }
  sending = false;
  await own.restart();
  await load;
  const listed = await until("all are committed", async () => {
    const ids = [];
    for (let after = 0; ;) {
      const { messages } = (await dan.get(`/chats/${chat.id}/messages?after=${after}&limit=200`)).body;
      if (messages.length === 0) break;
      ids.push(...messages.map((message) => message.clientId));
      after = messages.at(-1).seq;
    }
    return accepted.every((clientId) => ids.includes(clientId)) && ids;
  });
  assert.equal(new Set(listed).size, listed.length, "none twice");
  assert.deepEqual(listed.filter((id) => accepted.includes(id)), accepted, "in order");
});

test("SIGTERM: a polling client that is quiet is told too", async (t) => {
  const own = await Nexus.start();
  t.after(() => own.stop());
  const eve = await Person.signUp(own, "eve");
  const line = await eve.connect({ transports: ["polling"] });
  assert.equal(await own.terminate(), 0);
  await line.chat.next("server:draining");
});
