// How much the client weighs, beside what it should weigh: `npm run report`. Builds it in memory and
// leaves nothing behind. Figures to look at; nothing fails.

import { readdirSync, readFileSync } from "node:fs";
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

row("what", "gz kB", "hold");
row("JS, sign-in route", kilobytes(route("src/ui/signin/SignIn.tsx")), "110");
row("JS, app shell", kilobytes(route(...shell)), "200");
row("JS, with a chat open", kilobytes(route(...shell, "src/ui/chat/ChatScreen.tsx")), "");
row("CSS", kilobytes(styles), "");
row(
  "everything precached",
  kilobytes([...pieces.filter((piece) => !emojis(piece)), ...publicFiles()]),
  "1500",
);
console.log();
row("file", "gz kB", "loaded");
for (const chunk of [...chunks.values()].toSorted((a, b) => weight(b) - weight(a))) {
  row(
    chunk.fileName,
    kilobytes([chunk]),
    chunk.isEntry ? "at once" : chunk.isDynamicEntry ? "on demand" : "by others",
  );
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

function row(name, size, note) {
  console.log(`${name.padEnd(44)} ${size.padStart(8)}  ${note}`);
}
