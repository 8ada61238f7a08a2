import { t } from "../../i18n";
import { IconButton } from "../kit/IconButton";
import { back } from "./navigation";
import { paths } from "./paths";

/** The way back where there is nothing else yet to put a name to; on a phone there may be no other. */
export function BareHeader() {
  return (
    <header className="flex h-16 shrink-0 items-center border-line border-b bg-surface px-1 wide:hidden">
      <IconButton icon="back" label={t("kit.back")} onClick={() => back(paths.chats())} />
    </header>
  );
}
