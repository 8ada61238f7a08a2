import { useStore } from "zustand";
import { t } from "../../i18n";
import { isLocale, LOCALES } from "../../i18n/locales";
import { prefer, preferences } from "../frame/preferences";
import { Icon } from "../kit/Icon";
import { keepFocus, useKeptFocus } from "../kit/keptFocus";

export function LanguageChoice() {
  const locale = useStore(preferences, (all) => all.locale);
  const box = useKeptFocus<HTMLSelectElement>();
  const choose = (value: string) => {
    if (!isLocale(value)) return;
    keepFocus();
    prefer({ locale: value });
  };
  return (
    <label className="mx-auto mt-4 flex w-fit items-center gap-2 text-muted">
      <Icon name="globe" size={20} />
      <span className="sr-only">{t("signin.language")}</span>
      <select
        ref={box}
        value={locale}
        onChange={({ target }) => choose(target.value)}
        className="min-h-11 rounded-xl bg-transparent px-2"
      >
        {Object.entries(LOCALES)
          .filter(([tag]) => import.meta.env.DEV || tag !== "en-XA" || locale === "en-XA")
          .map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag} className="bg-raised text-ink">
              {name}
            </option>
          ))}
      </select>
    </label>
  );
}
