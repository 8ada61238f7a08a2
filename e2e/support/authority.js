// Pebble, the test authority of Let's Encrypt, with the name server that it asks.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { selfSigned } from "./certificates.js";
import { fetchWith } from "./https.js";
import { freePort, until } from "./nexus.js";

export class Authority {
  /** Looks for the answer to its challenges on `tlsPort`, whatever the name. */
  static async start(tlsPort) {
    const authority = new Authority();
    const dir = await mkdtemp(path.join(os.tmpdir(), "nexus-authority-"));
    const [port, management, names, namesManagement] = [
      await freePort(), await freePort(), await freePort(), await freePort()];
    const own = selfSigned(dir, "authority", "IP:127.0.0.1");
    Object.assign(authority, { dir, port, caFile: own.crt, children: [] });
    await writeFile(path.join(dir, "pebble.json"), JSON.stringify({
      pebble: {
        listenAddress: `127.0.0.1:${port}`,
        managementListenAddress: `127.0.0.1:${management}`,
        certificate: own.crt,
        privateKey: own.key,
        httpPort: await freePort(),
        tlsPort,
      },
    }));
    authority.run("pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "",
      "-dns01", `127.0.0.1:${names}`, "-http01", "", "-https01", "", "-tlsalpn01", "",
      "-management", `127.0.0.1:${namesManagement}`);
    authority.run("pebble", "-strict", "-config", path.join(dir, "pebble.json"),
      "-dnsserver", `127.0.0.1:${names}`);
    const ask = fetchWith(own.ca);
    const root = await until("the authority answers", () => {
      const ended = authority.children.find((child) => child.exitCode !== null || !child.pid);
      if (ended) throw new Error(`${ended.spawnfile} ended: ${authority.log()}`);
      return ask(`https://127.0.0.1:${management}/roots/0`).catch(() => null);
    });
    authority.root = await root.text();
    return authority;
  }

  get directory() {
    return `https://127.0.0.1:${this.port}/dir`;
  }

  run(program, ...args) {
    const log = openSync(path.join(this.dir, "log"), "a");
    // It waits some seconds before it validates, and refuses nonces that are right, to teach clients.
    const env = { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" };
    const child = spawn(program, args, { env, stdio: ["ignore", log, log] });
    child.once("error", () => {});
    this.children.push(child);
  }

  log() {
    return readFileSync(path.join(this.dir, "log"), "utf8");
  }

  /** Nobody answers any more. */
  async end() {
    const living = this.children.filter((child) => child.pid && child.exitCode === null && child.signalCode === null);
    await Promise.all(living.map((child) => (child.kill("SIGKILL"), once(child, "exit"))));
  }

  async stop() {
    await this.end();
    await rm(this.dir, { recursive: true, force: true });
  }
}
