import { useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import { fold } from "../../text/highlight";
import { chatName } from "../../text/names";
import type { ChatId, Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { TextField } from "../kit/Field";
import { failureOf, wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { OneLine } from "../kit/OneLine";
import { useOnceKey } from "../kit/onceKey";
import { toast, warn } from "../kit/toast";
import { isAtLeast } from "./rights";

/** The server takes so many at once. */
const MOST = 20;

interface Props {
  messages: readonly Message[];
  onDone: () => void;
  onClose: () => void;
}

/** To which chats messages go on. */
export function ForwardDialog({ messages, onDone, onClose }: Props) {
  const actions = useActions();
  const [filter, setFilter] = useState("");
  const [chosen, setChosen] = useState<readonly ChatId[]>([]);
  const [isBusy, setBusy] = useState(false);
  const keyOf = useOnceKey();
  const words = fold(filter.trim());
  const ids = useMessenger(
    useShallow((state) =>
      state.order.filter((id) => {
        const chat = state.chats[id]?.chat;
        if (!chat || !isAtLeast(chat.me.role, chat.permissions.send)) return false;
        const peer = state.users[chat.peer?.id ?? ""];
        if (peer?.isBlocked || peer?.isDeleted) return false;
        return fold(chatName(chat, state.users)).includes(words);
      }),
    ),
  );
  const toggle = (id: ChatId) =>
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  const forward = async () => {
    setBusy(true);
    try {
      // One after the other, so that they arrive in the order they were said in.
      for (const message of messages)
        await actions.forward(message, [...chosen], keyOf([message.id, ...chosen]));
      toast(t("chat.forwardDialog.done", { count: chosen.length }));
      onDone();
    } catch (error) {
      setBusy(false);
      warn(wordsFor(failureOf(error)));
    }
  };
  return (
    <Dialog
      title={t("chat.forwardDialog.title")}
      size="sheet"
      holds={chosen.length > 0}
      onClose={onClose}
      footer={
        <Button
          look="primary"
          icon="forward"
          disabled={chosen.length === 0}
          isBusy={isBusy}
          onClick={forward}
        >
          {t("chat.forwardDialog.send", { count: chosen.length })}
        </Button>
      }
    >
      <TextField
        label={t("chat.forwardDialog.search")}
        placeholder={t("chat.forwardDialog.search")}
        isLabelHidden
        type="search"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
        className="sticky top-0 z-1 bg-raised pb-2"
      />
      {chosen.length === MOST && (
        <p role="status" className="py-2 text-muted text-sm">
          {t("chat.forwardDialog.full", { count: MOST })}
        </p>
      )}
      {ids.length === 0 && <p className="py-6 text-center text-muted">{t("chat.forwardDialog.none")}</p>}
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <Choice
              id={id}
              isChosen={chosen.includes(id)}
              isFull={chosen.length === MOST}
              onToggle={() => toggle(id)}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface ChoiceProps {
  id: ChatId;
  isChosen: boolean;
  /** No more can be chosen. */
  isFull: boolean;
  onToggle: () => void;
}

function Choice({ id, isChosen, isFull, onToggle }: ChoiceProps) {
  const chat = useMessenger((state) => state.chats[id]?.chat);
  const name = useMessenger((state) => (chat ? chatName(chat, state.users) : ""));
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      disabled={isFull && !isChosen}
      onClick={onToggle}
      className="flex disabled:opacity-50 min-h-13 w-full items-center gap-3 rounded-xl px-2 text-start hover:bg-hover"
    >
      <Avatar id={chat?.peer?.id ?? id} name={name} size={40} />
      <OneLine className="flex-1 font-medium">{name}</OneLine>
      <span
        className={
          isChosen
            ? "grid size-6 place-items-center rounded-full bg-accent text-on-accent"
            : "size-6 rounded-full border-2 border-line-strong"
        }
      >
        {isChosen && <Icon name="check" size={16} />}
      </span>
    </button>
  );
}
