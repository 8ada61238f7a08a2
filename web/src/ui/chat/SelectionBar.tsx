import { useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import type { ChatId, Message, MessageId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { useCloseRequest } from "../kit/closeRequest";
import { IconButton } from "../kit/IconButton";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { DeleteDialog } from "./DeleteDialog";
import { copy } from "./messageActions";

const ForwardDialog = later(async () => (await import("./ForwardDialog")).ForwardDialog);

interface Props {
  chatId: ChatId;
  chosen: ReadonlyMap<MessageId, Message>;
  onStop: () => void;
}

/** In the place of the composer: what can be done with all that is chosen. */
export function SelectionBar({ chatId, chosen, onStop }: Props) {
  const messages = useStanding(chatId, chosen);
  const [asked, setAsked] = useState<"forward" | "delete" | null>(null);
  const isEmpty = messages.length === 0;
  useCloseRequest(onStop);
  const done = () => {
    setAsked(null);
    onStop();
  };
  return (
    <div
      role="toolbar"
      aria-label={t("chat.selection.title")}
      className="z-3 shrink-0 border-line border-t bg-surface px-2 py-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]"
    >
      <div className="mx-auto flex min-h-11 max-w-240 items-center gap-1">
        <IconButton icon="close" label={t("kit.cancel")} onClick={onStop} />
        <p aria-live="polite" className="min-w-0 flex-1 truncate font-medium">
          {t("chat.selection.count", { count: messages.length })}
        </p>
        <IconButton
          icon="copy"
          label={t("chat.copy")}
          disabled={isEmpty}
          onClick={() => {
            void copy({ content: messages.map((message) => message.content).join("\n\n") });
            onStop();
          }}
        />
        <IconButton
          icon="forward"
          label={t("chat.forward")}
          disabled={isEmpty}
          onClick={() => setAsked("forward")}
        />
        <IconButton
          icon="trash"
          label={t("chat.delete")}
          disabled={isEmpty}
          className="text-danger"
          onClick={() => setAsked("delete")}
        />
      </div>
      {asked === "forward" && (
        <Popup onFail={() => setAsked(null)}>
          <ForwardDialog messages={messages} onDone={done} onClose={() => setAsked(null)} />
        </Popup>
      )}
      {asked === "delete" && (
        <DeleteDialog messages={messages} onDone={done} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

/** In the order they were said in, as they are now, without what was deleted meanwhile. */
function useStanding(chatId: ChatId, chosen: ReadonlyMap<MessageId, Message>): Message[] {
  const loaded = useMessenger(
    useShallow((state) => (state.timelines[chatId]?.messages ?? []).filter(({ id }) => chosen.has(id))),
  );
  const current = new Map(loaded.map((message) => [message.id, message]));
  return [...chosen.values()]
    .map((message) => current.get(message.id) ?? message)
    .filter((message) => !message.deletedAt)
    .sort((a, b) => a.seq - b.seq);
}
