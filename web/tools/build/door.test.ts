import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { door } from "../../src/i18n/en/door.ts";
import { en } from "../../src/i18n/en/index.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
/** What comes only with signing in: the other half of the texts comes with it. */
const INSIDE = ["ui/frame/Frame.tsx", "ui/signin/LostAtEnd.tsx", "sync/signed-in.ts", "i18n/index.ts"].map(
  (path) => join(SRC, path),
);
/** Words for refusals of what only they ask for who are signed in. */
const NEVER_MET = ["contacts.notAddable"];

test("whoever is not signed in reads only texts that are there", () => {
  const missing = [...reached(join(SRC, "main.tsx"))].flatMap(([path, source]) =>
    textsIn(source)
      .filter((id) => !(id in door) && !NEVER_MET.includes(id))
      .map((id) => `${id} in ${relative(SRC, path)}`),
  );
  expect(missing).toEqual([]);
});

/** The sources of a module and of all that it imports, sooner or later. */
function reached(path: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(path) || INSIDE.includes(path)) return found;
  const source = readFileSync(path, "utf8");
  found.set(path, source);
  for (const [statement, name] of source.matchAll(/(?:import|export)[^;"]*"(\.[^"]*)"/g)) {
    const module = name && !/^(im|ex)port type/.test(statement) && moduleAt(join(dirname(path), name));
    if (module) reached(module, found);
  }
  return found;
}

function moduleAt(path: string): string | undefined {
  return [`${path}.ts`, `${path}.tsx`, join(path, "index.ts")].find((file) => existsSync(file));
}

function textsIn(source: string): string[] {
  const ids = [...source.matchAll(/"([a-z]\w*\.[\w.]+)"/g)].map(([, id]) => id ?? "");
  const starts = [...source.matchAll(/`([a-z]\w*\.)\$\{/g)].map(([, start]) => start ?? "");
  return Object.keys(en).filter((id) => ids.includes(id) || starts.some((start) => id.startsWith(start)));
}
