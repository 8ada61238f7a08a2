/** The names of emoji, from this server: `/emoji/<language>/{data,messages,names}.json`. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { asWritten } from "../../src/text/emoji";

const LANGUAGES = ["en", "de"];
const FILES = LANGUAGES.flatMap((language) =>
  ["data", "messages", "names"].map((name) => `${language}/${name}.json`),
);
/** Devices of some years ago draw these. */
const NEWEST_VERSION = 15.1;
const TONES = [1, 2, 3, 4, 5];
const { resolve } = createRequire(import.meta.url);

export function emoji(): Plugin {
  return {
    name: "nexuschat-emoji",
    configureServer(server) {
      server.middlewares.use("/emoji", (req, res, next) => {
        const file = FILES.find((name) => req.url === `/${name}`);
        if (!file) return next();
        res.setHeader("Content-Type", "application/json");
        res.end(contentOf(file));
      });
    },
    generateBundle() {
      for (const file of FILES) {
        this.emitFile({ type: "asset", fileName: `emoji/${file}`, source: contentOf(file) });
      }
    },
  };
}

function contentOf(file: string): Buffer | string {
  const [language = "", name] = file.split("/");
  return name === "names.json" ? JSON.stringify(namesIn(language)) : read(file);
}

interface Found {
  emoji: string;
  hexcode: string;
  label: string;
  tags?: string[];
  group?: number;
  version: number;
  skins?: { emoji: string; tone: number | number[] }[];
}

type Codes = Record<string, string | string[]>;

/** One for each: the emoji, its codes, its name, other words for it, and how it looks in five tones. */
export function namesIn(language: string) {
  const github = parsed<Codes>("en/shortcodes/github.json");
  const others = parsed<Codes>("en/shortcodes/emojibase.json");
  return parsed<Found[]>(`${language}/data.json`)
    .filter(({ group, version }) => group !== undefined && version <= NEWEST_VERSION)
    .map(({ emoji, hexcode, label, tags = [], skins = [] }) => {
      const codes = new Set([github[hexcode] ?? [], others[hexcode] ?? []].flat());
      const toned = TONES.flatMap((tone) => skins.find((skin) => skin.tone === tone)?.emoji ?? []);
      return [asWritten(emoji), [...codes], label, tags, toned.length === TONES.length ? toned : []];
    });
}

function parsed<T>(file: string): T {
  return JSON.parse(read(file).toString()) as T;
}

function read(file: string): Buffer {
  return readFileSync(resolve(`emojibase-data/${file}`));
}
