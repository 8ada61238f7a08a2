import { t } from "../../i18n";
import { go } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { isComposing } from "../kit/ime";

interface Props {
  text: string;
  onChange: (text: string) => void;
}

/** Narrows the list by name; Enter looks everywhere. */
export function Filter({ text, onChange }: Props) {
  return (
    <search className="flex items-center gap-1 px-4 pb-2">
      <span className="relative flex-1">
        <Icon
          name="search"
          size={18}
          className="pointer-events-none absolute inset-y-0 start-3 my-auto text-muted"
        />
        <input
          type="search"
          value={text}
          aria-label={t("chats.filter")}
          placeholder={t("chats.filter")}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            if (event.key === "Enter") go(paths.search(text.trim()));
            if (event.key !== "Escape" || text === "") return;
            event.preventDefault();
            onChange("");
          }}
          className="min-h-11 w-full rounded-xl bg-sunken ps-9.5 pe-11 placeholder:text-muted forced-colors:border"
        />
        {text !== "" && (
          <IconButton
            icon="close"
            iconSize={18}
            label={t("chats.clearFilter")}
            onClick={() => onChange("")}
            className="absolute end-0 top-0"
          />
        )}
      </span>
    </search>
  );
}
