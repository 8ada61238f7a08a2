/** What the client says in each of its languages: tests press what is written on it. */

import { ar } from "../../src/i18n/ar";
import { de } from "../../src/i18n/de";
import { en } from "../../src/i18n/en";
import type { Locale } from "../../src/i18n/locales";
import { pseudo } from "../../src/i18n/pseudo";

export type Say = (id: keyof typeof en) => string;

const CATALOGS: Record<Locale, Record<keyof typeof en, string>> = { en, de, ar, "en-XA": pseudo(en) };

export function words(locale: Locale): Say {
  return (id) => CATALOGS[locale][id];
}
