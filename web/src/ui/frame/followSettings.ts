import { useEffect, useRef } from "react";
import { isLocale } from "../../i18n/locales";
import { useMessenger } from "./messenger";
import { hasPreferences, prefer } from "./preferences";

/** What another device has chosen shows here too; at first only where nothing was chosen here. */
export function useFollowSettings(): void {
  const settings = useMessenger((state) => state.settings);
  const theme = settings?.theme;
  const language = settings?.locale.split("-")[0];
  const before = useRef({ theme, language });
  useEffect(() => {
    const known = before.current;
    before.current = { theme, language };
    if (known.theme === undefined && hasPreferences()) return;
    if (theme && theme !== known.theme) prefer({ theme });
    if (isLocale(language) && language !== known.language) prefer({ locale: language });
  }, [theme, language]);
}
