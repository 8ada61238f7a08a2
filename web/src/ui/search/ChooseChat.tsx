import { useRef, useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import { fold } from "../../text/highlight";
import { chatName } from "../../text/names";
import type { ChatId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Dialog } from "../kit/Dialog";
import { TextField } from "../kit/Field";
import { OneLine } from "../kit/OneLine";
import { useArrows } from "../kit/useArrows";

interface Props {
  onChoose: (id: ChatId) => void;
  onClose: () => void;
}

/** In which of the chats, by name. */
export function ChooseChat({ onChoose, onClose }: Props) {
  const [filter, setFilter] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const onArrow = useArrows(list);
  const wanted = fold(filter.trim());
  const ids = useMessenger(
    useShallow((state) =>
      state.order.filter((id) => {
        const chat = state.chats[id]?.chat;
        return chat !== undefined && fold(chatName(chat, state.users)).includes(wanted);
      }),
    ),
  );
  return (
    <Dialog title={t("search.inWhich")} size="sheet" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys lead from the box into the list */}
      <div role="presentation" onKeyDown={onArrow}>
        <TextField
          label={t("search.findChat")}
          placeholder={t("search.findChat")}
          isLabelHidden
          type="search"
          dir="auto"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="sticky top-0 z-1 bg-raised pb-2"
        />
        {ids.length === 0 && <p className="py-6 text-center text-muted">{t("search.noChat")}</p>}
        <ul ref={list} aria-label={t("search.chats")}>
          {ids.map((id) => (
            <Row key={id} id={id} onChoose={() => onChoose(id)} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Row({ id, onChoose }: { id: ChatId; onChoose: () => void }) {
  const chat = useMessenger((state) => state.chats[id]?.chat);
  const name = useMessenger((state) => (chat ? chatName(chat, state.users) : ""));
  return (
    // Rows out of sight cost nothing, so that a thousand of them are no burden.
    <li className="[contain-intrinsic-size:auto_52px] [content-visibility:auto]">
      <button
        type="button"
        onClick={onChoose}
        className="flex min-h-13 w-full items-center gap-3 rounded-xl px-2 text-start hover:bg-hover focus-visible:-outline-offset-2"
      >
        <Avatar id={chat?.peer?.id ?? id} name={name} size={40} />
        <OneLine className="font-medium">{name}</OneLine>
      </button>
    </li>
  );
}
