// The same ways in a real browser: Chromium, on a page of the server's own origin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { BUNDLE, launchChromium } from "../support/chromium.js";
import { Nexus } from "../support/nexus.js";
import { Person } from "../support/person.js";
import { withoutWebSocket } from "../support/proxy.js";
import { resigned } from "../support/tokens.js";

let nexus, browser, ann, bob, chat;

before(async () => {
  nexus = await Nexus.start({ LIMITS__ENABLED: false });
  ann = await Person.signUp(nexus, "ann");
  bob = await Person.signUp(nexus, "bob");
  chat = await ann.direct(bob);
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await nexus.stop();
});

/** A page of the origin, with the official client loaded into it. */
async function pageOf(url) {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${url}/healthz`);
  await page.addScriptTag({ content: BUNDLE });
  return page;
}

/** Runs in the page: connects, sends one message, waits for it, tells how it went. */
async function talk({ token, chatId, options, upgrades }) {
  const late = (what) => new Promise((_, reject) => setTimeout(() => reject(new Error(what)), 30_000));
  const manager = new io.Manager(location.origin, options);
  const sockets = ["/chat", "/presence", "/typing"].map((namespace) =>
    manager.socket(namespace, { auth: { token } }));
  const entered = (socket) => new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
    socket.connect();
  });
  await Promise.race([Promise.all(sockets.map(entered)), late("connect")]);
  if (upgrades && manager.engine.transport.name === "polling") {
    const upgraded = new Promise((resolve) => manager.engine.once("upgrade", resolve));
    await Promise.race([upgraded, late("upgrade")]);
  }
  const [chat] = sockets;
  const content = `from the browser ${Math.random()}`;
  const seen = new Promise((resolve) =>
    chat.on("msg:new", (message) => message.content === content && resolve(message)));
  const request = { chatId, clientId: crypto.randomUUID(), type: "text", content };
  const ack = await chat.timeout(30_000).emitWithAck("msg:send", request);
  const message = await Promise.race([seen, late("msg:new")]);
  const transport = manager.engine.transport.name;
  sockets.forEach((socket) => socket.disconnect());
  return { ack, message, transport, ids: sockets.length };
}

for (const [name, options, transport] of [
  ["default", {}, "websocket"],
  ["WebSocket alone", { transports: ["websocket"] }, "websocket"],
  ["polling alone", { transports: ["polling"] }, "polling"],
]) {
  test(`in Chromium: ${name}`, async () => {
    const page = await pageOf(nexus.url);
    const upgrades = name === "default";
    const went = await page.evaluate(talk, { token: ann.token, chatId: chat.id, options, upgrades });
    assert.equal(went.ack.status, "queued");
    assert.equal(went.message.id, went.ack.id);
    assert.equal(went.transport, transport);
    await page.context().close();
  });
}

test("in Chromium: WebSocket blocked, tryAllTransports", async () => {
  const proxy = await withoutWebSocket(nexus.url);
  const page = await pageOf(proxy.url);
  const options = { transports: ["websocket", "polling"], tryAllTransports: true };
  const went = await page.evaluate(talk, { token: ann.token, chatId: chat.id, options });
  assert.equal(went.transport, "polling");
  assert.equal(went.message.id, went.ack.id);
  await page.context().close();
  proxy.close();
});

test("in Chromium: a refused handshake tells its code", async () => {
  const page = await pageOf(nexus.url);
  const expired = resigned(nexus, ann.token, { exp: 1_700_000_000, iat: 1_600_000_000 });
  for (const [token, code] of [["rubbish", "unauthenticated"], [expired, "token_expired"]]) {
    const heard = await page.evaluate((auth) => new Promise((resolve) => {
      const socket = io("/chat", { auth, reconnection: false, forceNew: true });
      socket.on("connect_error", (err) => resolve(err.data?.code));
      socket.on("connect", () => resolve("was let in"));
    }), { token });
    assert.equal(heard, code);
  }
  await page.context().close();
});

test("in Chromium: a killed server comes back, and so does the client", async () => {
  const page = await pageOf(nexus.url);
  await page.evaluate((token) => new Promise((resolve, reject) => {
    window.socket = io("/chat", { auth: { token } });
    window.reconnected = new Promise((again) => socket.on("disconnect", () => socket.once("connect", again)));
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  }), ann.token);
  await nexus.kill();
  await nexus.restart();
  await page.evaluate(() => window.reconnected);
  const went = await page.evaluate((chatId) => socket.timeout(30_000).emitWithAck("msg:send", {
    chatId, clientId: crypto.randomUUID(), type: "text", content: "back again",
  }), chat.id);
  assert.equal(went.status, "queued");
  await page.context().close();
});
