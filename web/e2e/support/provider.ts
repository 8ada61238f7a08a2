/** A provider of sign-ins (OpenID Connect), whose people are who the test says, and always agree. */

import { createHash, createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class Provider {
  who: Record<string, unknown> = {};
  url = "";
  private readonly asked = new Map<string, URLSearchParams>();
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(([status, headers, body]) => {
      response.writeHead(status, headers).end(body);
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((ready) => this.server.listen(0, "127.0.0.1", ready));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<[number, Record<string, string>, string]> {
    const url = new URL(request.url ?? "/", this.url);
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json({
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/keys`,
        });
      case "/authorize": {
        const code = String(this.asked.size);
        this.asked.set(code, url.searchParams);
        const back = new URL(url.searchParams.get("redirect_uri") ?? "");
        back.search = String(new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" }));
        return [302, { Location: back.href }, ""];
      }
      case "/token": {
        const form = new URLSearchParams(await textOf(request));
        const asked = this.asked.get(form.get("code") ?? "");
        const verifier = createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url");
        const isFine = asked && verifier === asked.get("code_challenge");
        if (!isFine) return [400, {}, "{}"];
        return json({ id_token: this.token(asked), token_type: "Bearer" });
      }
      default:
        return json({ keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: "1" }] });
    }
  }

  private token(asked: URLSearchParams): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.url,
      aud: asked.get("client_id"),
      nonce: asked.get("nonce"),
      iat: now,
      exp: now + 300,
      ...this.who,
    };
    const text = [{ alg: "RS256", kid: "1" }, claims].map(base64url).join(".");
    return `${text}.${createSign("sha256").update(text).sign(this.keys.privateKey, "base64url")}`;
  }
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function json(body: unknown): [number, Record<string, string>, string] {
  return [200, { "Content-Type": "application/json" }, JSON.stringify(body)];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
