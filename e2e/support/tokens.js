// Tokens that the server would not hand out: signed with its own key, with claims of ours.

import { createPrivateKey, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The person's token again, with some claims changed; signed as the server signs. */
export function resigned(nexus, token, claims) {
  const [header, payload] = token.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  const body = [header, { ...payload, ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${body}.${sign("sha256", Buffer.from(body), privateKey(nexus, header.kid)).toString("base64url")}`;
}

function privateKey(nexus, kid) {
  const dir = path.join(nexus.dataDir, "keys");
  const name = readdirSync(dir).find((file) => file.includes(kid) && file.endsWith(".pem"));
  return createPrivateKey(readFileSync(path.join(dir, name)));
}
