// Sessions: rotation, theft, sign-out, revocation. A socket ends with its session.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Nexus, sleep } from "../support/nexus.js";
import { bare, PASSWORD, Person } from "../support/person.js";
import { resigned } from "../support/tokens.js";

/** Long enough for two requests on a slow machine; one test waits for it to end. */
const GRACE_SECS = 10;

let nexus, people;

before(async () => {
  nexus = await Nexus.start({ LIMITS__ENABLED: false, AUTH__REFRESH_GRACE_SECS: GRACE_SECS });
  people = Object.fromEntries(await Promise.all(
    ["ann", "bob", "cleo", "dan", "eve"].map(async (name) => [name, await Person.signUp(nexus, name)])));
});

after(() => nexus.stop());

const refresh = (person, refreshToken) => person.post("/auth/refresh", { refreshToken });

test("a refresh rotates; the old token answers with its successor for a moment", async () => {
  const { ann } = people;
  const first = await refresh(ann, ann.refreshToken);
  assert.equal(first.status, 200);
  assert.notEqual(first.body.refreshToken, ann.refreshToken);
  const again = await refresh(ann, ann.refreshToken);
  assert.equal(again.status, 200);
  assert.equal(again.body.refreshToken, first.body.refreshToken);
  ann.token = again.body.accessToken;
  assert.equal((await ann.get("/users/me")).body.user.username, "ann");
});

test("twenty tabs refresh at once: one rotation, nobody signed out", async () => {
  const { bob } = people;
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(bob, bob.refreshToken)));
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
  assert.equal(new Set(answers.map((answer) => answer.body.refreshToken)).size, 1);
});

test("a refresh token presented later is theft: the session ends, and its sockets with it", async () => {
  const { cleo } = people;
  const line = await cleo.connect();
  const { body } = await refresh(cleo, cleo.refreshToken);
  await sleep(GRACE_SECS * 1_000 + 500);
  const disconnected = line.chat.disconnected();
  const stolen = await refresh(cleo, cleo.refreshToken);
  assert.equal(stolen.status, 401);
  assert.deepEqual(await line.chat.next("session:revoked"), { reason: "theft" });
  assert.equal(await disconnected, "io server disconnect");
  assert.equal((await refresh(cleo, body.refreshToken)).status, 401, "the successor is dead too");
  assert.equal((await cleo.get("/users/me")).status, 401, "and the access token");
  line.close();
});

test("signing out ends this session alone", async () => {
  const { dan } = people;
  const phone = await dan.logIn("phone");
  const [here, there] = [await dan.connect(), await phone.connect()];
  const disconnected = there.chat.disconnected();
  assert.ok((await phone.post("/auth/logout")).status < 300);
  assert.deepEqual(await there.chat.next("session:revoked"), { reason: "logout" });
  assert.equal(await disconnected, "io server disconnect");
  assert.equal((await phone.get("/users/me")).status, 401);
  assert.equal((await refresh(phone, phone.refreshToken)).status, 401);
  assert.equal((await dan.get("/users/me")).status, 200);
  assert.ok(here.chat.socket.connected);
  here.close();
  there.close();
});

test("a session can be ended from another device, and cannot come back", async () => {
  const { dan } = people;
  const lost = await dan.logIn("lost phone");
  const line = await lost.connect();
  const { sessions } = (await dan.get("/auth/sessions")).body;
  const theirs = sessions.find((session) => session.device === "lost phone");
  assert.equal(theirs.current, false);
  const disconnected = line.chat.disconnected();
  assert.ok((await dan.delete(`/auth/sessions/${theirs.id}`)).status < 300);
  assert.deepEqual(await line.chat.next("session:revoked"), { reason: "revoked" });
  assert.equal(await disconnected, "io server disconnect");
  line.close();

  const again = bare(nexus.url, "/chat", { auth: { token: lost.token }, reconnection: false });
  const err = await new Promise((resolve) => again.once("connect_error", resolve));
  assert.equal(err.data.code, "unauthenticated");
  again.disconnect();
});

test("revocation survives a restart of the server", async () => {
  const { dan } = people;
  const phone = await dan.logIn("phone");
  assert.ok((await phone.post("/auth/logout")).status < 300);
  await nexus.kill();
  await nexus.restart();
  assert.equal((await phone.get("/users/me")).status, 401);
  assert.equal((await dan.get("/users/me")).status, 200);
});

test("before a token expires the socket is warned; a fresh one keeps it open", async () => {
  const { eve } = people;
  const inSecs = (secs) => Math.floor(Date.now() / 1_000) + secs;
  const token = eve.token;
  eve.token = resigned(nexus, token, { exp: inSecs(62) });
  const [warned, renewed] = [await eve.connect(), await eve.connect()];
  eve.token = token;
  assert.ok((await warned.chat.next("auth:expiring")).expiresAt);
  await renewed.chat.next("auth:expiring");
  const answer = await renewed.chat.call("auth:refresh", { token });
  assert.ok(Date.parse(answer.expiresAt) > Date.now() + 60_000);
  const foreign = await renewed.chat.call("auth:refresh", { token: people.ann.token });
  assert.equal(foreign.error.code, "forbidden");
  assert.deepEqual(await renewed.chat.call("client:state", { foreground: true }), { ok: true });
  warned.close();
  renewed.close();
});

test("with cookies no token is in any body, and sockets need an allowed origin", async () => {
  const { ann } = people;
  const origin = nexus.url;
  const request = { identifier: "ann", password: PASSWORD, tokenTransport: "cookie" };
  const answer = await new Person(nexus, "ann").request("POST", "/auth/login", request, { origin });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.accessToken, undefined);
  assert.equal(answer.body.refreshToken, undefined);
  const cookies = answer.headers.getSetCookie();
  for (const cookie of cookies) {
    for (const flag of ["HttpOnly", "Secure", "SameSite=Strict"]) assert.match(cookie, new RegExp(flag));
  }
  const cookie = cookies.map((text) => text.split(";")[0]).join("; ");
  const connect = (extraHeaders) => new Promise((resolve) => {
    const transports = ["websocket"];
    const socket = bare(nexus.url, "/chat", { transports, extraHeaders, reconnection: false });
    const done = (result) => { socket.disconnect(); resolve(result); };
    socket.once("connect", () => done("connected"));
    socket.once("connect_error", (err) => done(err.data?.code ?? err.message));
  });
  assert.equal(await connect({ cookie, origin }), "connected");
  assert.notEqual(await connect({ cookie, origin: "https://evil.example" }), "connected");
  assert.notEqual(await connect({ cookie }), "connected");
  assert.ok((await ann.get("/users/me")).status === 200);
});
