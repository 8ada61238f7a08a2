import { t } from "../../i18n";

/** Instead of a blank page. Made by hand: what failed may be what everything else needs. */
export function sayCannotStart(root: HTMLElement): void {
  const again = made(
    "button",
    t("kit.reload"),
    "rounded-xl bg-accent px-4 py-2.5 font-medium text-on-accent",
  );
  again.addEventListener("click", () => location.reload());
  const said = made("div", "", "m-auto flex max-w-md flex-col items-center gap-3 p-6 text-center");
  said.role = "alert";
  said.append(
    made("h1", t("frame.cannotStart"), "font-semibold text-xl"),
    made("p", t("frame.cannotStartText"), "text-muted"),
    again,
  );
  const page = made("main", "", "flex h-full");
  page.append(said);
  root.replaceChildren(page);
}

function made(name: "main" | "div" | "h1" | "p" | "button", text: string, className: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = className;
  return element;
}
