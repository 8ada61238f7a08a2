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
  const { kind, message } = writing;
  const replyingTo = useMessenger((state) =>
    message.senderId === state.me?.id
      ? t("chat.replyingToYou")
      : t("chat.replyingTo", { name: nameOf(state.users, message.senderId) }),
  );
  return (
    <div className="mx-auto mb-2 flex max-w-240 items-center gap-3 ps-3 pe-1">
      <Icon name={kind} size={20} className="text-accent" />
      <div className="min-w-0 flex-1 border-accent border-s-3 ps-2 text-sm">
        <p className="truncate font-semibold text-accent">
          {kind === "edit" ? t("chat.editing") : replyingTo}
        </p>
        <OneLine className="text-muted">{previewText(message.content)}</OneLine>
      </div>
      <IconButton icon="close" iconSize={20} label={t("kit.cancel")} onClick={onStop} />
    </div>
  );
}
