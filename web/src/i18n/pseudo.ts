/**
 * English that looks foreign: accents show what is not translated, brackets what is cut off, and the
 * length is that of the longest languages.
 */

const PLAIN = "AaCcDdEeGgIiKkLlNnOoRrSsTtUuYyZz";
const ACCENTED = "ÅåÇçÐðÉéĜĝÎîĶķĻļÑñÖöŔŕŠšŢţÛûÝýŽž";
const accents = new Map([...PLAIN].map((letter, at) => [letter, [...ACCENTED][at] ?? letter]));

export function pseudo<Id extends string>(catalog: Record<Id, string>): Record<Id, string> {
  const entries = Object.entries<string>(catalog).map(([id, text]) => [id, pseudoText(text)]);
  return Object.fromEntries(entries);
}

/** Leaves alone what stands in braces, but for the words inside of plurals. */
export function pseudoText(text: string): string {
  const words = accent(text);
  return `[${words}${"·".repeat(Math.ceil(text.length * 0.3))}]`;
}

function accent(text: string): string {
  let out = "";
  let isSyntax = false;
  let depth = 0;
  const opened: boolean[] = [];
  for (const char of text) {
    if (char === "{") {
      opened.push(isSyntax);
      isSyntax = depth % 2 === 0;
      depth += 1;
    } else if (char === "}") {
      isSyntax = opened.pop() ?? false;
      depth -= 1;
    } else if (!isSyntax) {
      out += accents.get(char) ?? char;
      continue;
    }
    out += char;
  }
  return out;
}
