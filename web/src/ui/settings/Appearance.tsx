import { useStore } from "zustand";
import { locale, t } from "../../i18n";
import { LOCALES, type Locale } from "../../i18n/locales";
import type { UpdateSettings } from "../../wire";
import { useActions } from "../frame/messenger";
import { prefer, preferences, TEXT_SIZES } from "../frame/preferences";
import { keepFocus, useKeptFocus } from "../kit/keptFocus";
import { warn } from "../kit/toast";
import { Choice } from "./Choice";

export function Appearance() {
  const { theme, textSize, locale: chosen } = useStore(preferences);
  const { updateSettings } = useActions();
  const share = (patch: UpdateSettings) => {
    updateSettings(patch).catch(() => warn(t("settings.onlyHere")));
  };
  const language = useKeptFocus<HTMLInputElement>();
  const percent = new Intl.NumberFormat(locale(), { style: "percent" });
  const languages = Object.entries(LOCALES) as [Locale, string][];
  return (
    <div className="flex flex-col gap-6">
      <Choice
        label={t("settings.theme")}
        value={theme}
        onChange={(theme) => {
          prefer({ theme });
          share({ theme });
        }}
        options={[
          { value: "system", label: t("settings.themeSystem") },
          { value: "light", label: t("settings.themeLight") },
          { value: "dark", label: t("settings.themeDark") },
        ]}
      />
      <Choice
        label={t("settings.textSize")}
        value={textSize}
        onChange={(textSize) => prefer({ textSize })}
        options={TEXT_SIZES.map((value) => ({ value, label: percent.format(value) }))}
      />
      <Choice
        label={t("signin.language")}
        value={chosen}
        chosen={language}
        onChange={(locale) => {
          keepFocus();
          prefer({ locale });
          // Letters come in the languages that people speak.
          if (locale !== "en-XA") share({ locale });
        }}
        options={languages
          .filter(([tag]) => import.meta.env.DEV || tag !== "en-XA" || chosen === tag)
          .map(([value, label]) => ({ value, label, lang: value }))}
      />
    </div>
  );
}
