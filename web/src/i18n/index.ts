/** What the client says, in the language of who reads it. */

import { setupI18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { en } from "./en";
import { door } from "./en/door";
import { isRightToLeft, type Locale } from "./locales";

export type { Locale } from "./locales";
export type TextId = keyof typeof en;
export type Catalog = Record<TextId, string>;

const compiled = new Map<string, ReturnType<typeof compileMessage>>();
const i18n = setupI18n({ locale: "en", messages: { en: door } });
// Builds have their texts compiled; only tests read them as they are written.
if (!import.meta.env.PROD) i18n.setMessagesCompiler(compileOnce);

/**
 * The text in the language of now. A change of language renders the whole tree anew, so this needs
 * no hook.
 */
export function t(id: TextId, values?: Record<string, string | number>): string {
  return i18n._(id, values);
}

/** For `Intl`: with the reader's own country where it is known, for the clock and the calendar. */
export function locale(): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === i18n.locale) ?? i18n.locale;
}

/** Calls back when another language is spoken; answers how to stop that. */
export function onSpoken(changed: () => void): () => void {
  return i18n.on("change", changed);
}

export function direction(): "ltr" | "rtl" {
  return isRightToLeft(i18n.locale as Locale) ? "rtl" : "ltr";
}

/** "Ann, Bob and Eve", in the language of now. */
export function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(names);
}

/** Languages other than English come when they are chosen; one that can't be had changes nothing. */
export async function speak(wanted: Locale): Promise<void> {
  i18n.loadAndActivate({ locale: wanted, messages: await LOADERS[wanted]() });
  document.documentElement.lang = wanted;
  document.documentElement.dir = direction();
}

let isInside = false;

/** English has a part that only those need who are signed in; other languages come whole. */
export async function speakInside(): Promise<void> {
  isInside = true;
  const spoken = i18n.locale as Locale;
  if (spoken === "en" || spoken === "en-XA") {
    i18n.loadAndActivate({ locale: spoken, messages: await LOADERS[spoken]() });
  }
}

async function english(): Promise<Record<string, string>> {
  return isInside ? (await import("./en")).en : door;
}

const LOADERS: Record<Locale, () => Promise<Record<string, string>>> = {
  en: english,
  de: async () => (await import("./de")).de,
  ar: async () => (await import("./ar")).ar,
  "en-XA": async () => (await import("./pseudo")).pseudo(await english()),
};

function compileOnce(message: string) {
  let known = compiled.get(message);
  if (!known) {
    known = compileMessage(message);
    compiled.set(message, known);
  }
  return known;
}
