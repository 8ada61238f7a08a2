import { t } from "../../i18n";
import { previewText } from "../../text/markdown";
import { nameOf } from "../../text/names";
import type { ReplyTo } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { OneLine } from "../kit/OneLine";
import { orWarn } from "../kit/orWarn";
import { useChatTools } from "./tools";

/** What a message answers; pressing it goes there. */
export function Quote({ reply }: { reply: ReplyTo }) {
  const { chatId } = useChatTools();
  const actions = useActions();
  const name = useMessenger((state) =>
    reply.senderId === state.me?.id ? t("chat.you") : nameOf(state.users, reply.senderId),
  );
  const isGone = reply.expiresAt != null && reply.preview === "";
  const text = isGone ? t("chats.vanished") : previewText(reply.preview);
  return (
    <button
      type="button"
      aria-label={t("chat.quote.label", { name, text })}
      onClick={() => orWarn(actions.jumpToMessage(chatId, reply.id))}
      className="mb-1 flex w-full min-w-[min(8rem,100%)] flex-col items-stretch rounded-lg border-accent border-s-3 bg-canvas/60 px-2 py-1 text-start text-sm hover:bg-canvas"
    >
      <OneLine className="font-semibold text-accent">{name}</OneLine>
      <OneLine className="text-muted">{text}</OneLine>
    </button>
  );
}
