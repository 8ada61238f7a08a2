// TLS of the server's own: with a certificate from files, and with one that an authority gives.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { Authority } from "../support/authority.js";
import { selfSigned } from "../support/certificates.js";
import { BUNDLE, launchChromium } from "../support/chromium.js";
import { agentFor } from "../support/https.js";
import { freePort, Nexus, until } from "../support/nexus.js";
import { Person } from "../support/person.js";

const HOST = "chat.test";

let dir, nexus, ann, bob, chat;

before(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), "nexus-tls-"));
  const { crt, key, ca } = selfSigned(dir, "nexus", `DNS:${HOST}`);
  const file = (port) =>
    `[server]\npublic_url = "https://${HOST}:${port}"\n[tls]\ncert_file = "${crt}"\nkey_file = "${key}"\n`;
  nexus = await Nexus.start({ LIMITS__ENABLED: false }, file, { host: HOST, ca });
  ann = await Person.signUp(nexus, "ann");
  bob = await Person.signUp(nexus, "bob");
  chat = await ann.direct(bob);
});

after(async () => {
  await nexus?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Ann speaks, Bob hears it; answers by which transport. */
async function talk(options) {
  const [hers, his] = await Promise.all([ann.connect(options), bob.connect(options)]);
  const upgrades = !options.transports || options.transports.length > 1;
  if (upgrades) await until("it is upgraded", () => hers.manager.engine.transport.name === "websocket");
  const content = `over TLS ${Math.random()}`;
  const ack = await hers.send(chat, content);
  assert.equal(ack.status, "queued");
  assert.equal((await his.chat.next("msg:new", (message) => message.content === content)).id, ack.id);
  const { name } = hers.manager.engine.transport;
  hers.close();
  his.close();
  return name;
}

for (const [name, transports, transport] of [
  ["by default", ["polling", "websocket"], "websocket"],
  ["WebSocket alone", ["websocket"], "websocket"],
  ["polling alone", ["polling"], "polling"],
]) {
  test(`the official client over TLS: ${name}`, async () => {
    assert.equal(await talk({ transports, agent: agentFor(nexus.tls.ca) }), transport);
  });
}

test("the official client over TLS: an authority that nobody knows is not believed", async () => {
  const other = selfSigned(dir, "other", `DNS:${HOST}`);
  const agent = agentFor(other.ca);
  const failed = ann.connect({ transports: ["websocket"], reconnection: false, agent });
  await assert.rejects(failed, /websocket error/);
});

test("the official client over TLS, in Chromium", async () => {
  const browser = await launchChromium(`--host-resolver-rules=MAP ${HOST} 127.0.0.1`);
  try {
    const context = await browser.newContext({ bypassCSP: true, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${nexus.url}/healthz`);
    await page.addScriptTag({ content: BUNDLE });
    const heard = await page.evaluate(async ({ token, chatId }) => {
      const socket = io("/chat", { auth: { token } });
      const upgraded = new Promise((resolve) => socket.io.engine.once("upgrade", resolve));
      const news = new Promise((resolve) => socket.on("msg:new", resolve));
      const request = { chatId, clientId: crypto.randomUUID(), type: "text", content: "from a page" };
      const ack = await socket.timeout(30_000).emitWithAck("msg:send", request);
      await upgraded;
      const { id } = await news;
      return { same: ack.id === id, transport: socket.io.engine.transport.name, secure: isSecureContext };
    }, { token: ann.token, chatId: chat.id });
    assert.deepEqual(heard, { same: true, transport: "websocket", secure: true });
  } finally {
    await browser.close();
  }
});

const certifiedBy = (authority, caFile) => (port) => [
  `[server]`, `public_url = "https://${HOST}:${port}"`,
  `[tls]`, `acme_domains = ["${HOST}"]`, `acme_email = "admin@example.com"`,
  `acme_directory = "${authority}"`, `acme_ca_file = "${caFile}"`,
].join("\n");

test("an authority gives the certificate; it is kept, and needs nobody at the next start", async () => {
  const port = await freePort();
  const authority = await Authority.start(port);
  const certified = await Nexus.prepare({ LIMITS__ENABLED: false },
    certifiedBy(authority.directory, authority.caFile), { host: HOST, port, ca: authority.root });
  try {
    await certified.restart().catch((error) => { throw new Error(`${error.message}\n${authority.log()}`); });
    const first = await certified.fetch(`${certified.url}/healthz`);
    assert.match(first.certificate.issuer.CN, /^Pebble Intermediate/);
    assert.equal(first.certificate.subjectaltname, `DNS:${HOST}`);
    const eve = await Person.signUp(certified, "eve");
    const line = await eve.connect({ agent: agentFor(authority.root) });
    line.close();
    assert.equal(statSync(path.join(certified.dataDir, "acme")).mode & 0o777, 0o700);

    await certified.terminate();
    await authority.end();
    await certified.restart();
    const again = await certified.fetch(`${certified.url}/healthz`);
    assert.equal(again.certificate.serialNumber, first.certificate.serialNumber);
  } finally {
    await certified.stop();
    await authority.stop();
  }
});

test("an authority that can't be reached is named in the log, and asked again; the server runs", async () => {
  const nobody = `https://127.0.0.1:${await freePort()}/dir`;
  const { crt, ca } = selfSigned(dir, "nobody", "IP:127.0.0.1");
  const waiting = await Nexus.prepare({}, certifiedBy(nobody, crt), { host: HOST, ca });
  try {
    waiting.launch();
    await until("it says so", () => waiting.log().includes("no certificate from the authority"));
    assert.equal(waiting.child.exitCode, null);
  } finally {
    await waiting.stop();
  }
});
