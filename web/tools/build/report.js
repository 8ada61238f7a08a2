// How much the client weighs and how fast it is, beside what it should: `npm run report`. It is built
// in memory; how fast it is gets measured where `NEXUS_BIN` names a server. Figures to look at: none fails.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, loadConfigFromFile } from "vite";

const root = new URL("../..", import.meta.url).pathname;
const pieces = await built();
const chunks = new Map(
  pieces.filter((piece) => piece.type === "chunk").map((chunk) => [chunk.fileName, chunk]),
);

const entry = chunkOf((chunk) => chunk.isEntry);
const styles = pieces.filter((piece) => piece.fileName.endsWith(".css"));
const emojis = (piece) => piece.fileName.startsWith("emoji/");

const shell = ["src/ui/frame/Frame.tsx", "src/i18n/en/inside.ts"];

const sizes = [
  size("JS, sign-in route", route("src/ui/signin/SignIn.tsx"), "≤ 110"),
  size("JS, app shell", route(...shell), "≤ 200"),
  size("JS, with a chat open", route(...shell, "src/ui/chat/ChatScreen.tsx")),
  size("CSS", styles),
  size("everything precached", [...pieces.filter((piece) => !emojis(piece)), ...publicFiles()], "≤ 1500"),
];
const files = [...chunks.values()].toSorted((a, b) => weight(b) - weight(a));
const measured = process.env.NEXUS_BIN ? measure() : [];

print(
  files.map((chunk) => ({ ...size(chunk.fileName, [chunk]), hold: loaded(chunk) })),
  "loaded",
);
console.log();
print([...sizes, ...measured], "to hold");

/** The stories that measure print as they go, so that it is seen that something happens. */
function measure() {
  const folder = mkdtempSync(join(tmpdir(), "nexus-figures-"));
  const file = join(folder, "figures");
  const stories = ["test", "vitals.spec.ts", "figures.spec.ts", "--workers=1"];
  const env = { ...process.env, FIGURES: file };
  const { status } = spawnSync("node_modules/.bin/playwright", stories, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) console.log("\nNot all could be measured: see above.");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  rmSync(folder, { recursive: true });
  console.log();
  return lines.map((line) => JSON.parse(line));
}

function size(what, of, hold = "") {
  return { what, figure: kilobytes(of), unit: "kB gz", hold };
}

function loaded(chunk) {
  if (chunk.isEntry) return "at once";
  return chunk.isDynamicEntry ? "on demand" : "by others";
}

function print(figures, last) {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const line = (what, figure, unit, hold) =>
    console.log(`${what.padEnd(width)}  ${figure.padStart(8)} ${unit.padEnd(5)}  ${hold}`.trimEnd());
  line("what", "figure", "", last);
  for (const { what, figure, unit, hold } of figures) line(what, String(figure), unit, hold);
}

async function built() {
  const loaded = await loadConfigFromFile(
    { command: "build", mode: "production" },
    join(root, "vite.config.ts"),
    root,
  );
  const config = loaded?.config ?? {};
  const plugins = (await flat(config.plugins ?? [])).filter((plugin) => !/pwa|compress/.test(plugin.name));
  const output = await build({
    ...config,
    root,
    plugins,
    configFile: false,
    logLevel: "error",
    build: { ...config.build, write: false },
  });
  return output.output;
}

async function flat(option) {
  const plugin = await option;
  if (!plugin) return [];
  return Array.isArray(plugin) ? (await Promise.all(plugin.map(flat))).flat() : [plugin];
}

/** All that a first visit loads which needs these modules. */
function route(...modules) {
  const wanted = modules.map((module) =>
    chunkOf((chunk) => chunk.moduleIds.some((id) => id.endsWith(module))),
  );
  const found = new Set();
  const visit = (chunk) => {
    if (!chunk || found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports) visit(chunks.get(name));
  };
  for (const chunk of [entry, ...wanted]) visit(chunk);
  return [...found];
}

function chunkOf(matches) {
  return [...chunks.values()].find(matches);
}

function publicFiles() {
  const folder = join(root, "public");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map((file) => ({ bytes: readFileSync(join(file.parentPath, file.name)) }));
}

function weight(piece) {
  const content = "bytes" in piece ? piece.bytes : piece.type === "chunk" ? piece.code : piece.source;
  return gzipSync(content, { level: 9 }).length;
}

function kilobytes(of) {
  return (of.reduce((sum, piece) => sum + weight(piece), 0) / 1000).toFixed(1);
}
