/**
 * English that looks foreign: accents show what is not translated, brackets what is cut off, and the
 * length is that of the longest languages.
 */

const PLAIN = "AaCcDdEeGgIiKkLlNnOoRrSsTtUuYyZz";
const ACCENTED = "ÅåÇçÐðÉéĜĝÎîĶķĻļÑñÖöŔŕŠšŢţÛûÝýŽž";
const accents = new Map([...PLAIN].map((letter, at) => [letter, [...ACCENTED][at] ?? letter]));

/** As a build compiles it: pieces of text, and values with the texts to choose from. */
type Compiled = (string | [name: string, kind?: string, choices?: Record<string, Compiled | number>])[];

export function pseudo(catalog: Record<string, string>): Record<string, string> {
  const entries = Object.entries<string | Compiled>(catalog).map(([id, text]) => [
    id,
    typeof text === "string" ? pseudoText(text) : pseudoCompiled(text),
  ]);
  return Object.fromEntries(entries);
}

export function pseudoCompiled(text: Compiled): Compiled {
  return ["[", ...accented(text), `${"·".repeat(Math.ceil(lengthOf(text) * 0.3))}]`];
}

/** As it is read, with the longest of what there is to choose from. */
function lengthOf(text: Compiled): number {
  return text.reduce((sum, piece) => {
    if (typeof piece === "string") return sum + piece.length;
    const [name, , choices = {}] = piece;
    const texts = Object.values(choices).filter((choice) => Array.isArray(choice));
    return sum + (texts.length > 0 ? Math.max(...texts.map(lengthOf)) : name.length + 2);
  }, 0);
}

function accented(text: Compiled): Compiled {
  return text.map((piece) => {
    if (typeof piece === "string") return accent(piece);
    const [name, kind, choices] = piece;
    if (typeof choices !== "object") return piece;
    const entries = Object.entries(choices).map(([key, choice]) => [
      key,
      Array.isArray(choice) ? accented(choice) : choice,
    ]);
    return [name, kind, Object.fromEntries(entries)];
  });
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
