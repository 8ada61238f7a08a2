// The shipped nginx in front: what passes it, what doesn't, and which node it leads to.

import assert from "node:assert/strict";
import http from "node:http";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import tls from "node:tls";
import zlib from "node:zlib";

import { BUNDLE, launchChromium } from "../support/chromium.js";
import { Nexus, sleep, until, within } from "../support/nexus.js";
import { Nginx } from "../support/nginx.js";
import { bare, PASSWORD, Person } from "../support/person.js";

const BEHIND = {
  SERVER__PUBLIC_URL: "https://chat.example.com",
  SERVER__TRUSTED_PROXIES: "127.0.0.1/32",
  LOG__LEVEL: "debug",
  LIMITS__ENABLED: false,
};
const POLLING = "/socket.io/?EIO=4&transport=polling";

let nexus, twin, nginx, pair;

before(async () => {
  [nexus, twin] = await Promise.all([Nexus.start(BEHIND), Nexus.start(BEHIND)]);
  [nginx, pair] = await Promise.all([Nginx.start(nexus), Nginx.start(nexus, twin)]);
});

after(() => Promise.all([nginx, pair, nexus, twin].map((one) => one?.stop())));

for (const [name, transports, transport] of [
  ["by default", ["polling", "websocket"], "websocket"],
  ["WebSocket alone", ["websocket"], "websocket"],
  ["polling alone", ["polling"], "polling"],
]) {
  test(`the official client gets through: ${name}`, async () => {
    const ann = await Person.signUp(nexus, `ann${transports.join("")}`);
    const bob = await Person.signUp(nexus, `bob${transports.join("")}`);
    const chat = await ann.direct(bob);
    const line = await ann.connect({ url: nginx.url, ca: nginx.ca, transports });
    const { engine } = line.manager;
    await until("the transport is reached", () => engine.transport.name === transport);
    assert.equal((await line.send(chat, "through the proxy")).status, "queued");
    assert.equal((await line.chat.next("msg:new")).content, "through the proxy");
    line.close();
  });
}

test("only TLS 1.3 is spoken, and HTTP/2 offered", async () => {
  const connect = (options) => new Promise((resolve, reject) => {
    const where = { host: "127.0.0.1", port: nginx.port, ca: nginx.ca, ...options };
    const socket = tls.connect(where, () => {
      resolve([socket.getProtocol(), socket.alpnProtocol]);
      socket.destroy();
    });
    socket.once("error", reject);
  });
  assert.deepEqual(await connect({ ALPNProtocols: ["h2", "http/1.1"] }), ["TLSv1.3", "h2"]);
  await assert.rejects(connect({ maxVersion: "TLSv1.2" }), /protocol version/);
});

test("plain HTTP is sent to HTTPS", async () => {
  const options = { headers: { host: "chat.example.com" }, agent: false };
  const answer = await new Promise((resolve) =>
    http.get(`http://127.0.0.1:${nginx.plainPort}/api/v1/users/me?x=1`, options, resolve));
  answer.resume();
  assert.equal(answer.statusCode, 308);
  assert.equal(answer.headers.location, "https://chat.example.com/api/v1/users/me?x=1");
});

test("what is for the inside can't be reached from outside", async () => {
  for (const hidden of ["/metrics", "/readyz", "/%6detrics", "//metrics", "/./readyz", "/x/../metrics"]) {
    assert.equal((await nginx.get(hidden)).status, 404, hidden);
  }
  const well = await nginx.get("/healthz");
  assert.equal(well.status, 200);
  assert.equal(well.headers["strict-transport-security"], "max-age=31536000");
});

test("the server sees the client's own address and an id of the proxy, whatever the client writes", async () => {
  const forged = { "x-forwarded-for": "6.6.6.6", forwarded: "for=6.6.6.6", "x-request-id": "forged" };
  const { headers } = await nginx.get("/api/v1/users/me", forged, { localAddress: "127.0.0.7" });
  const id = headers["x-request-id"];
  assert.match(id, /^[0-9a-f]{32}$/);
  const log = readFileSync(path.join(nexus.dataDir, "server.log"), "utf8");
  const line = log.split("\n").find((text) => text.includes(id));
  assert.match(line, /127\.0\.0\.7/);
  assert.doesNotMatch(log, /6\.6\.6\.6|forged/);
});

test("what is large is compressed, once; answers that hold tokens are not", async () => {
  const asking = { "accept-encoding": "gzip" };
  const [zoe, yan] = [await Person.signUp(nexus, "zoe"), await Person.signUp(nexus, "yan")];
  const chat = await zoe.direct(yan);
  await zoe.post(`/chats/${chat.id}/messages`, { clientId: "long", content: "long ".repeat(700) });
  await until("it is committed", async () => (await zoe.messages(chat)).length === 1);
  const mine = { ...asking, authorization: `Bearer ${zoe.token}` };
  for (const [large, headers] of [["/api/docs/swagger-ui.css", asking], [`/api/v1/chats/${chat.id}/messages`, mine]]) {
    const answer = await nginx.get(large, headers);
    assert.deepEqual([answer.status, answer.headers["content-encoding"]], [200, "gzip"], large);
    assert.ok(zlib.gunzipSync(answer.body).length > answer.body.length);
  }
  const login = { identifier: "zoe", password: PASSWORD, device: "phone" };
  const held = await nginx.request("POST", "/api/v1/auth/login", JSON.stringify(login),
    { ...asking, "content-type": "application/json" });
  assert.deepEqual([held.status, held.headers["content-encoding"]], [200, undefined]);
  assert.ok(held.body.length > 1_024);
});

test("an ordinary request can't become another protocol", async () => {
  const headers = { connection: "upgrade, http2-settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQCAAAAAAIAAAAA" };
  assert.equal((await nginx.get("/healthz", headers)).status, 200);
});

/** Begins a polling session, and keeps the cookie if it gets one. */
async function browse(headers, from) {
  const options = { localAddress: from };
  const first = await pair.get(POLLING, headers, options);
  assert.equal(first.status, 200, first.body.toString());
  const { sid } = JSON.parse(first.body.subarray(1));
  const cookie = first.headers["set-cookie"]?.[0].split(";")[0];
  const kept = cookie ? { ...headers, cookie } : headers;
  return { sid, cookie, headers: kept, options };
}

const say = ({ sid, headers, options }, more = {}) =>
  pair.request("POST", `${POLLING}&sid=${sid}`, "40/chat,", headers, { ...options, ...more });

/** How many of the sessions the node has. */
const held = async (node, sessions) => {
  const asked = sessions.map(({ sid }) =>
    fetch(`${node.url}${POLLING}&sid=${sid}`, { method: "POST", body: "40/typing,", headers: { connection: "close" } }));
  return (await Promise.all(asked)).filter((answer) => answer.status === 200).length;
};

test("who keeps no cookies comes back to the same node by address", async () => {
  const addresses = Array.from({ length: 16 }, (_, number) => `127.0.0.${number + 2}`);
  const sessions = await Promise.all(addresses.map((address) => browse({}, address)));
  assert.ok(sessions.every(({ cookie }) => cookie === undefined));
  for (let round = 0; round < 4; round += 1) {
    for (const { status } of await Promise.all(sessions.map((session) => say(session)))) assert.equal(status, 200);
  }
  const counts = await Promise.all([nexus, twin].map((node) => held(node, sessions)));
  assert.equal(counts[0] + counts[1], sessions.length);
  assert.ok(Math.min(...counts) > 0, `spread ${counts}`);
  const socket = bare(pair.url, "/chat", { transports: ["polling"], ca: pair.ca, reconnection: false });
  const err = await within(new Promise((resolve) => socket.once("connect_error", resolve)), "an answer");
  assert.equal(err.data?.code, "unauthenticated");
});

test("browsers of one office are spread, and each comes back to its node, also from another address", async () => {
  const page = { "sec-fetch-site": "same-origin" };
  const sessions = await Promise.all(Array.from({ length: 16 }, () => browse(page, "127.0.0.5")));
  assert.equal(new Set(sessions.map(({ cookie }) => cookie)).size, sessions.length);
  for (const session of sessions) {
    assert.equal((await say(session)).status, 200);
    assert.equal((await say(session, { localAddress: "127.0.0.6" })).status, 200);
  }
  const counts = await Promise.all([nexus, twin].map((node) => held(node, sessions)));
  assert.equal(counts[0] + counts[1], sessions.length);
  assert.ok(Math.min(...counts) > 0, `spread ${counts}`);
});

test("in Chromium: a page gets its cookie, polls at one node and goes over to WebSocket there", async (t) => {
  const browser = await launchChromium();
  t.after(() => browser.close());
  for (let visitor = 0; visitor < 6; visitor += 1) {
    const context = await browser.newContext({ bypassCSP: true, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${pair.url}/healthz`);
    await page.addScriptTag({ content: BUNDLE });
    const heard = await page.evaluate(async () => [
      await new Promise((resolve) => {
        const { engine } = new io.Manager({ reconnection: false });
        engine.on("upgrade", (transport) => resolve(transport.name));
        engine.on("upgradeError", (err) => resolve(`${err}`));
      }),
      await new Promise((resolve) => {
        io("/chat", { forceNew: true, reconnection: false, transports: ["polling"] })
          .on("connect_error", (err) => resolve(err.data?.code ?? `${err}`));
      }),
    ]);
    assert.deepEqual(heard, ["websocket", "unauthenticated"]);
    const cookies = await context.cookies(`${pair.url}/socket.io/`);
    assert.deepEqual(cookies.map(({ name, secure, httpOnly, sameSite }) => [name, secure, httpOnly, sameSite]),
      [["nexus_node", true, true, "Strict"]]);
    await context.close();
  }
});

test("a node that drains takes no new sessions, one that is gone no requests: nobody outside sees it", async () => {
  const poller = await fetch(`${twin.url}${POLLING}`).then((answer) => answer.text());
  assert.match(poller, /sid/);
  const ended = twin.terminate();
  await until("it drains", async () =>
    (await fetch(`${twin.url}/readyz`).catch(() => null))?.status !== 200);
  const page = { "sec-fetch-site": "same-origin" };
  const open = async (count) => {
    const sessions = await Promise.all(Array.from({ length: count }, () => browse(page)));
    assert.equal(await held(nexus, sessions), count);
  };
  await open(12);
  assert.equal(await ended, 0);
  await open(12);
  const answers = await Promise.all(Array.from({ length: 24 }, () => pair.get("/healthz")));
  assert.ok(answers.every(({ status }) => status === 200));
  await twin.restart();
  await until("it is asked again", async () => {
    await sleep(500);
    return (await held(twin, [await browse(page)])) === 1;
  });
});

test("with no node left the answer is a problem as of the API", async () => {
  await nexus.kill();
  const { status, headers, body } = await nginx.get("/api/v1/users/me");
  assert.equal(status, 503);
  assert.equal(headers["content-type"], "application/problem+json");
  assert.equal(headers["retry-after"], "2");
  const problem = JSON.parse(body);
  assert.equal(problem.code, "unavailable");
  assert.ok(problem.requestId);
  await nexus.restart();
});
