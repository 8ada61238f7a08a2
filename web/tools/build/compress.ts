/** Writes `.br` and `.gz` beside each built file that gets smaller: compressed once, as far as it goes. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt|wasm)$/;
const SMALLEST = 512;

const brotlied = promisify(brotliCompress);
const gzipped = promisify(gzip);

export function compress(): Plugin {
  let folder = "";
  return {
    name: "nexuschat-compress",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      // After the service worker was built, which another plugin does at this same moment.
      order: "post",
      sequential: true,
      handler: () => compressAll(folder),
    },
  };
}

export async function compressAll(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true });
  for (const file of files.filter((name) => COMPRESSIBLE.test(name))) {
    const path = join(folder, file);
    const plain = await readFile(path);
    if (plain.length < SMALLEST) continue;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    };
    await keep(`${path}.br`, await brotlied(plain, { params }), plain);
    await keep(`${path}.gz`, await gzipped(plain, { level: constants.Z_BEST_COMPRESSION }), plain);
  }
}

async function keep(path: string, compressed: Buffer, plain: Buffer) {
  if (compressed.length < plain.length) await writeFile(path, compressed);
}
