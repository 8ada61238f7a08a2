// Before the first paint, so that nothing flashes: what `nc-prefs` holds, as src/ui/frame/preferences.ts
// writes it. A file of its own, because no script may stand in the page.
(() => {
  const root = document.documentElement;
  let prefs = {};
  try {
    prefs = JSON.parse(localStorage.getItem("nc-prefs") ?? "{}") ?? {};
  } catch {
    // Broken or forbidden: the defaults will do.
  }
  if (prefs.theme === "light" || prefs.theme === "dark") root.dataset.theme = prefs.theme;
  if (typeof prefs.textSize === "number") root.style.setProperty("--text-size", String(prefs.textSize));
  const spoken = ["en", "de", "ar"];
  const languages = navigator.languages.map((tag) => tag.split("-")[0]);
  const locale = [...spoken, "en-XA"].find((known) => known === prefs.locale);
  root.lang = locale ?? languages.find((language) => spoken.includes(language)) ?? "en";
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
})();
