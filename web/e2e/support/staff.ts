/** As the operator does it, at the machine. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BINARY } from "../../../e2e/support/nexus.js";

export async function appoint(nexus: unknown, name: string, role: "moderator" | "admin"): Promise<void> {
  const { dataDir } = nexus as { dataDir: string };
  await promisify(execFile)(BINARY, ["admin", "users", "role", name, role, "--data-dir", dataDir]);
}
