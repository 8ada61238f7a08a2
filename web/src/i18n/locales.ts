/** The languages there are, by their own names. */
export const LOCALES = {
  en: "English",
  de: "Deutsch",
  ar: "العربية",
  "en-XA": "[Ƥšéûðö]",
} as const;

export type Locale = keyof typeof LOCALES;

export function isLocale(text: unknown): text is Locale {
  return typeof text === "string" && text in LOCALES;
}

export function isRightToLeft(locale: Locale): boolean {
  return locale === "ar";
}

/** The first of the reader's languages that is spoken here. */
export function bestLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.split("-")[0];
    if (language === "en" || language === "de" || language === "ar") return language;
  }
  return "en";
}
