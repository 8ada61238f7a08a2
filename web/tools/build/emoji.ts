/** The names of emoji, from this server: `/emoji/<language>/{data,messages}.json`. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const LANGUAGES = ["en", "de"];
const FILES = LANGUAGES.flatMap((language) => [`${language}/data.json`, `${language}/messages.json`]);
const { resolve } = createRequire(import.meta.url);

export function emoji(): Plugin {
  return {
    name: "nexuschat-emoji",
    configureServer(server) {
      server.middlewares.use("/emoji", (req, res, next) => {
        const file = FILES.find((name) => req.url === `/${name}`);
        if (!file) return next();
        res.setHeader("Content-Type", "application/json");
        res.end(read(file));
      });
    },
    generateBundle() {
      for (const file of FILES) {
        this.emitFile({ type: "asset", fileName: `emoji/${file}`, source: read(file) });
      }
    },
  };
}

function read(file: string): Buffer {
  return readFileSync(resolve(`emojibase-data/${file}`));
}
