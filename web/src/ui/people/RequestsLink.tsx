import { t } from "../../i18n";
import { useMessenger } from "../frame/messenger";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Icon } from "../kit/Icon";

/** Above a list, where somebody waits for an answer. */
export function RequestsLink() {
  const count = useMessenger(
    (state) => state.requests?.filter((request) => request.direction === "incoming").length ?? 0,
  );
  const asked = useMessenger((state) => state.requests?.length ?? 0);
  if (asked === 0) return null;
  return (
    <To
      href={paths.requests()}
      aria-label={count > 0 ? t("contacts.requestsCount", { count }) : t("contacts.requests")}
      className="mx-2 flex min-h-11 shrink-0 items-center gap-3 rounded-xl px-2 hover:bg-hover"
    >
      <span className="grid w-12 place-items-center text-accent">
        <Icon name="person" size={20} />
      </span>
      <span className="flex-1 font-medium">{t("contacts.requests")}</span>
      {count > 0 && (
        <span className="me-1 grid min-w-6 place-items-center rounded-full bg-accent px-1.5 text-on-accent text-sm">
          {count}
        </span>
      )}
    </To>
  );
}
