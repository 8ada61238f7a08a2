import { createCipheriv, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { until } from "../../../e2e/support/nexus.js";

/** What a letter to somebody leads to, out of the folder where letters lie. */
export async function tokenOf(nexus: unknown, name: string, door: string): Promise<string> {
  const folder = path.join((nexus as { dataDir: string }).dataDir, "mail");
  return until(`a letter to ${name}`, () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".eml")) : [];
    const letters = files.sort().map((file) => plain(readFileSync(path.join(folder, file), "utf8")));
    const theirs = letters.findLast(
      (text) => text.includes(`${name}@example.com`) && text.includes(`/${door}#`),
    );
    return theirs?.match(/#token=([\w-]+)/)?.[1];
  });
}

/** What the link at the end of a letter about missed messages holds: no such letter is sent within a day. */
export function unsubscribeToken(nexus: unknown, userId: string): string {
  const { dataDir } = nexus as { dataDir: string };
  const key = Buffer.from(readFileSync(path.join(dataDir, "keys/vault.key"), "utf8"), "base64");
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from("unsubscribe"));
  const sealed = cipher.update(Buffer.from(userId.replaceAll("-", ""), "hex"));
  return Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

/** Quoted-printable, as letters are written down. */
function plain(letter: string): string {
  return letter.replace(/=\r?\n/g, "").replace(/=3D/g, "=");
}
