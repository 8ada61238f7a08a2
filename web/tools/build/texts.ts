/** Compiles the texts while building, so that no page has to bring a compiler. */

import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Plugin } from "vite";

/** One area in one language: `src/i18n/de/kit.ts`. */
const CATALOG = /\/src\/i18n\/(?:en|de|ar)\/(?!index|door|inside)[\w-]+\.ts$/;

export function texts(): Plugin {
  return {
    name: "nexuschat-texts",
    // After the types are gone: what is left can be run.
    enforce: "post",
    async transform(code, id) {
      if (!CATALOG.test(id)) return null;
      return { code: await compiled(code), map: null };
    },
  };
}

export async function compiled(code: string): Promise<string> {
  const areas: Record<string, Record<string, string>> = await import(
    `data:text/javascript,${encodeURIComponent(code)}`
  );
  const lines = Object.entries(areas).map(([name, area]) => {
    const entries = Object.entries(area).map(([id, text]) => [id, compileMessage(text)]);
    return `export const ${name} = ${JSON.stringify(Object.fromEntries(entries))};`;
  });
  return lines.join("\n");
}
