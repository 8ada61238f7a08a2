// nginx as it is shipped (deploy/nginx), on free ports of loopback, with a certificate of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { selfSigned } from "./certificates.js";
import { freePort, until } from "./nexus.js";

const SHIPPED = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../deploy/nginx");

const MAIN = (dir) => `
  daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log info;
  events { worker_connections 1024; }
  http {
    client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi;
    uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
    include ${dir}/nexus.conf;
  }`;

export class Nginx {
  static async start(...nodes) {
    const nginx = new Nginx();
    const dir = await mkdtemp(path.join(os.tmpdir(), "nexus-nginx-"));
    Object.assign(nginx, { dir, port: await freePort(), plainPort: await freePort() });
    nginx.ca = selfSigned(dir, "nexus", "IP:127.0.0.1").ca;
    const places = {
      "listen 443": `listen 127.0.0.1:${nginx.port}`,
      "listen 80": `listen 127.0.0.1:${nginx.plainPort}`,
      "/etc/nginx/tls": dir,
      "/etc/nginx": dir,
      "/var/log/nginx": dir,
    };
    let shipped = await readFile(path.join(SHIPPED, "nexus.conf"), "utf8");
    shipped = shipped.replace(/^ *listen \[::\].*\n/gm, "");
    for (const [place, ours] of Object.entries(places)) {
      if (!shipped.includes(place)) throw new Error(`the shipped file no longer says ${place}`);
      shipped = shipped.replaceAll(place, ours);
    }
    const line = (await readFile(path.join(SHIPPED, "nexus-nodes.conf"), "utf8")).match(/^server \S+ (.*)$/m);
    const servers = nodes.map((node) => `server 127.0.0.1:${node.port} ${line[1]}\n`).join("");
    await mkdir(path.join(dir, "body"));
    await writeFile(path.join(dir, "nexus-nodes.conf"), servers);
    await writeFile(path.join(dir, "nexus.conf"), shipped);
    await writeFile(path.join(dir, "nginx.conf"), MAIN(dir));
    await nginx.run();
    return nginx;
  }

  get url() {
    return `https://127.0.0.1:${this.port}`;
  }

  async run() {
    const options = { stdio: "pipe", env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } };
    this.child = spawn("nginx", ["-e", `${this.dir}/error.log`, "-c", `${this.dir}/nginx.conf`], options);
    let said = "";
    this.child.stderr.on("data", (text) => { said += text; });
    this.child.once("error", (err) => { said = `${err.message}: is nginx installed (apt-get install nginx-light)?`; });
    this.exited = once(this.child, "exit").catch(() => {});
    await until("nginx answers", async () => {
      if (this.child.exitCode !== null || !this.child.pid) throw new Error(`nginx ended: ${said}`);
      return this.get("/healthz").catch(() => null);
    });
  }

  get(path, headers = {}, options = {}) {
    return this.request("GET", path, undefined, headers, options);
  }

  /** Answers { status, headers, body }; the body as it came over the wire. */
  request(method, path, body, headers = {}, options = {}) {
    return new Promise((resolve, reject) => {
      const where = { method, headers, ca: this.ca, agent: false, ...options };
      const req = https.request(`${this.url}${path}`, where, (res) => {
        const parts = [];
        res.on("data", (part) => parts.push(part));
        res.on("error", reject);
        res.on("end", () => resolve({
          status: res.statusCode, headers: res.headers, body: Buffer.concat(parts),
        }));
      });
      req.on("error", reject);
      req.end(body);
    });
  }

  async stop() {
    this.child.kill("SIGKILL");
    await this.exited;
    await rm(this.dir, { recursive: true, force: true });
  }
}
