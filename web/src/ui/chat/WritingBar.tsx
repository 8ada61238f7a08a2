import { t } from "../../i18n";
import { previewText } from "../../text/markdown";
import { nameOf } from "../../text/names";
import { useMessenger } from "../frame/messenger";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { OneLine } from "../kit/OneLine";
import type { Writing } from "./composing";

/** Above the text: what it answers or replaces, and the way out of that. */
export function WritingBar({
  writing,
  onStop,
}: {
  writing: Exclude<Writing, { kind: "new" }>;
  onStop: () => void;
}) {
  const { content } = writing.kind === "amend" ? writing.pending : writing.message;
  const title = useMessenger((state) => {
    if (writing.kind !== "reply") return t("chat.editing");
    const { senderId } = writing.message;
    if (senderId === state.me?.id) return t("chat.replyingToYou");
    return t("chat.replyingTo", { name: nameOf(state.users, senderId) });
  });
  return (
    <div data-quoted className="mx-auto mb-2 flex max-w-240 items-center gap-3 ps-3 pe-1">
      <Icon name={writing.kind === "reply" ? "reply" : "edit"} size={20} className="text-accent" />
      <div className="min-w-0 flex-1 border-accent border-s-3 ps-2 text-sm">
        <p className="truncate font-semibold text-accent">{title}</p>
        <OneLine className="text-muted">{previewText(content)}</OneLine>
      </div>
      <IconButton icon="close" iconSize={20} label={t("kit.cancel")} onClick={onStop} />
    </div>
  );
}
