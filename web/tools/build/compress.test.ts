import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { compressAll } from "./compress";

test("what gets smaller has its compressed forms beside it, and nothing else has", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nexuschat-"));
  const script = "say('hello');\n".repeat(100);
  await writeFile(join(folder, "long.js"), script);
  await writeFile(join(folder, "short.js"), "1");
  await writeFile(join(folder, "picture.png"), script);
  await compressAll(folder);
  expect((await readdir(folder)).toSorted()).toEqual([
    "long.js",
    "long.js.br",
    "long.js.gz",
    "picture.png",
    "short.js",
  ]);
  expect(brotliDecompressSync(await readFile(join(folder, "long.js.br"))).toString()).toBe(script);
  expect(gunzipSync(await readFile(join(folder, "long.js.gz"))).toString()).toBe(script);
  await rm(folder, { recursive: true });
});
