// Every way the official client can get through, in Node.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Nexus, within } from "../support/nexus.js";
import { bare, Person } from "../support/person.js";
import { withoutWebSocket } from "../support/proxy.js";
import { resigned } from "../support/tokens.js";

let nexus, ann, bob, chat;

before(async () => {
  nexus = await Nexus.start({ LIMITS__ENABLED: false });
  ann = await Person.signUp(nexus, "ann");
  bob = await Person.signUp(nexus, "bob");
  chat = await ann.direct(bob);
});

after(() => nexus.stop());

/** Says hello over the line, and hears it come back committed. */
async function talk(line, content) {
  const ack = await line.send(chat, content);
  assert.equal(ack.status, "queued");
  const message = await line.chat.next("msg:new", (heard) => heard.content === content);
  assert.equal(message.id, ack.id);
}

const transport = (line) => line.manager.engine.transport.name;

test("by default it starts with polling and goes over to WebSocket", async () => {
  const line = await ann.connect({ transports: ["polling", "websocket"] });
  if (transport(line) === "polling") {
    await within(new Promise((resolve) => line.manager.engine.once("upgrade", resolve)), "upgrade");
  }
  assert.equal(transport(line), "websocket");
  await talk(line, "after the upgrade");
  line.close();
});

test("messages sent during the upgrade arrive once and in order", async () => {
  const line = await ann.connect({ transports: ["polling", "websocket"] });
  const contents = Array.from({ length: 30 }, (_, number) => `upgrading ${number}`);
  await Promise.all(contents.map((content) => line.send(chat, content)));
  const heard = [];
  for (const _ of contents) {
    heard.push(await line.chat.next("msg:new", (message) => message.content.startsWith("upgrading")));
  }
  assert.deepEqual(heard.map((message) => message.content), contents);
  line.close();
});

test("WebSocket alone", async () => {
  const line = await ann.connect({ transports: ["websocket"] });
  await talk(line, "over WebSocket");
  assert.equal(transport(line), "websocket");
  line.close();
});

test("polling alone", async () => {
  const line = await ann.connect({ transports: ["polling"] });
  for (let number = 0; number < 10; number += 1) await talk(line, `over polling ${number}`);
  assert.equal(transport(line), "polling");
  line.close();
});

test("with WebSocket blocked on the way, tryAllTransports ends with polling", async () => {
  const proxy = await withoutWebSocket(nexus.url);
  const transports = ["websocket", "polling"];
  const line = await ann.connect({ url: proxy.url, transports, tryAllTransports: true });
  assert.equal(transport(line), "polling");
  await talk(line, "around the block");
  line.close();
  proxy.close();
});

test("with WebSocket blocked the default client stays on polling", async () => {
  const proxy = await withoutWebSocket(nexus.url);
  const line = await ann.connect({ url: proxy.url, transports: ["polling", "websocket"] });
  await talk(line, "never upgraded");
  assert.equal(transport(line), "polling");
  line.close();
  proxy.close();
});

test("three namespaces share one engine, and one can be left alone", async () => {
  const line = await ann.connect();
  const ids = [line.chat, line.presence, line.typing].map((ear) => ear.socket.id);
  assert.equal(new Set(ids).size, 3);
  const left = line.typing.disconnected();
  line.typing.socket.disconnect();
  await left;
  await talk(line, "still here");
  await line.typing.connected();
  assert.equal(line.manager.engine.readyState, "open");
  line.close();
});

for (const [name, transports] of [["WebSocket", ["websocket"]], ["polling", ["polling"]]]) {
  test(`over ${name} a bad token is refused with a code`, async () => {
    for (const [auth, code] of [
      [undefined, "unauthenticated"],
      [{ token: "rubbish" }, "unauthenticated"],
      [{ token: 7 }, "unauthenticated"],
      [{ token: resigned(nexus, ann.token, { exp: 1_700_000_000, iat: 1_600_000_000 }) }, "token_expired"],
    ]) {
      const socket = bare(nexus.url, "/chat", { transports, auth, reconnection: false });
      const err = await within(
        new Promise((resolve, reject) => {
          socket.once("connect_error", resolve);
          socket.once("connect", () => reject(new Error("was let in")));
        }),
        "connect_error",
      );
      assert.equal(err.data?.code, code);
      socket.disconnect();
    }
  });
}

test("an unknown namespace is refused", async () => {
  const socket = bare(nexus.url, "/elsewhere", { transports: ["websocket"], reconnection: false });
  const err = await within(new Promise((resolve) => socket.once("connect_error", resolve)), "refusal");
  assert.equal(err.message, "Invalid namespace");
  socket.disconnect();
});
