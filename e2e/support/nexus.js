// The real binary, on a free port, with a data folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { fetchWith } from "./https.js";

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const BINARY = process.env.NEXUS_BIN ?? path.resolve(HERE, "../../target/debug/nexus");
/** Where it gets its certificate first, it waits for a whole order. */
const READY_WITHIN_MS = 120_000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Rejects with `what` when the promise takes too long; generous, for slow and shared machines. */
export function within(promise, what, ms = 30_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not in ${ms} ms: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again until the answer is truthy. */
export async function until(what, ask, ms = 30_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not in ${ms} ms: ${what}`);
    await sleep(30);
  }
}

/** Connections by the server they were made for: what a failed test leaves open ends with it. */
const connections = new Map();

export function endsWith(url, close) {
  connections.set(url, [...(connections.get(url) ?? []), close]);
}

export class Nexus {
  /**
   * `settings` as in the environment, without the prefix: `{ LIMITS__ENABLED: false }`. `file` makes
   * a file of settings for the port, where there are some that the environment can't say. `tls` is
   * for one that speaks TLS: { host, ca, port }.
   */
  static async start(settings, file, tls) {
    const nexus = await Nexus.prepare(settings, file, tls);
    await nexus.restart();
    return nexus;
  }

  /** As `start`, but nothing runs yet. */
  static async prepare(settings = {}, file, tls) {
    const nexus = new Nexus();
    nexus.dataDir = await mkdtemp(path.join(os.tmpdir(), "nexus-e2e-"));
    nexus.port = tls?.port ?? (await freePort());
    nexus.settings = settings;
    nexus.file = file?.(nexus.port);
    nexus.tls = tls;
    nexus.fetch = tls ? fetchWith(tls.ca) : fetch;
    return nexus;
  }

  get url() {
    return this.tls ? `https://${this.tls.host}:${this.port}` : `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process on the same port and data, and waits until it is ready. */
  async restart() {
    this.launch();
    await until("server is ready", async () => {
      if (this.child.exitCode !== null) throw new Error(`nexus ended:\n${this.log()}`);
      const answer = await this.fetch(`${this.url}/readyz`).catch(() => null);
      return answer?.ok;
    }, READY_WITHIN_MS);
  }

  launch() {
    const log = openSync(path.join(this.dataDir, "server.log"), "a");
    const settings = { AUTH__BCRYPT_COST: 4, LOG__LEVEL: "info", ...this.settings };
    const env = { ...process.env };
    for (const [name, value] of Object.entries(settings)) env[`NEXUS__${name}`] = String(value);
    const args = ["--listen", `127.0.0.1:${this.port}`, "--data-dir", this.dataDir];
    if (this.file) {
      const name = path.join(this.dataDir, "nexus.toml");
      writeFileSync(name, this.file);
      args.push("--config", name);
    }
    this.child = spawn(BINARY, args, { env, stdio: ["ignore", log, log] });
    this.exited = once(this.child, "exit");
  }

  /** kill -9 */
  async kill() {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  /** SIGTERM; answers the exit code. */
  async terminate() {
    this.child.kill("SIGTERM");
    const [code] = await within(this.exited, "drain and exit");
    return code;
  }

  async stop() {
    for (const close of connections.get(this.url) ?? []) close();
    connections.delete(this.url);
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  log() {
    return readFileSync(path.join(this.dataDir, "server.log"), "utf8").split("\n").slice(-30).join("\n");
  }
}

/** Below the range that the system takes source ports from. */
export async function freePort() {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const server = net.createServer();
    const free = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (free) {
      await new Promise((resolve) => server.close(resolve));
      return port;
    }
  }
}
