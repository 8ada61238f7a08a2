import * as v from "valibot";
import { createStore } from "zustand/vanilla";
import { speak } from "../../i18n";
import { bestLocale, isLocale, type Locale } from "../../i18n/locales";
import { shelf } from "../../net/shelf";

/** What this browser is to look like, whoever is signed in. `public/theme.js` reads it too. */
const KEY = "nc-prefs";

export const TEXT_SIZES = [0.9, 1, 1.1, 1.25, 1.5] as const;

const schema = v.object({
  theme: v.fallback(v.picklist(["system", "light", "dark"]), "system"),
  textSize: v.fallback(v.picklist(TEXT_SIZES), 1),
  locale: v.fallback(v.custom<Locale>(isLocale), () => bestLocale(navigator.languages)),
  /** Whether to show notifications, once the browser allows them. */
  notifies: v.fallback(v.boolean(), true),
  /** Whether to offer notifications while the browser has not been asked. */
  offersNotices: v.fallback(v.boolean(), true),
  /** Whether to offer to install the client where the browser does. */
  offersInstall: v.fallback(v.boolean(), true),
  /** Whether a notification tells what was written. */
  previews: v.fallback(v.boolean(), true),
});

export type Preferences = v.InferOutput<typeof schema>;

export const preferences = createStore<Preferences>(read);

/** Whether anything was chosen in this browser. */
export function hasPreferences(): boolean {
  return shelf.getItem(KEY) !== null;
}

export function prefer(patch: Partial<Preferences>): void {
  preferences.setState(patch);
  shelf.setItem(KEY, JSON.stringify(preferences.getState()));
}

/** Has the document follow them, from now on and over all tabs. */
export async function followPreferences(): Promise<void> {
  window.addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) preferences.setState(read());
  });
  preferences.subscribe((now, before) => {
    show(now);
    if (now.locale !== before.locale) void speakPreferred();
  });
  show(preferences.getState());
  await speakPreferred();
}

/** The language that was chosen, or English where it can't be had now. */
async function speakPreferred(): Promise<void> {
  await speak(preferences.getState().locale).catch(() => speak("en"));
}

function show({ theme, textSize }: Preferences): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.style.setProperty("--text-size", String(textSize));
  // What browsers colour around the page.
  for (const colour of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const { theme: of = "" } = colour.dataset;
    const isChosen = theme === of ? "all" : "not all";
    colour.media = theme === "system" ? `(prefers-color-scheme: ${of})` : isChosen;
  }
}

function read(): Preferences {
  const stored = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), shelf.getItem(KEY));
  return stored.success ? stored.output : v.parse(schema, {});
}
