import { useState } from "react";
import { t } from "../../i18n";
import { called, chatName } from "../../text/names";
import type { ChatId, UserId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { cx } from "../kit/cx";
import { Dialog } from "../kit/Dialog";
import { Icon } from "../kit/Icon";
import type { IconName } from "../kit/icons";
import { useMenu } from "../kit/useMenu";
import { PeoplePicker } from "../people/PeoplePicker";
import { ChooseChat } from "./ChooseChat";

/** By what messages are narrowed down, besides their words. */
export interface Narrowing {
  sender: { id: UserId; name: string } | null;
  chatId: ChatId | null;
  /** Not older than so many days. */
  days: number | null;
}

export const EVERYTHING: Narrowing = { sender: null, chatId: null, days: null };

const DAYS = [7, 30, 365];

interface Props {
  narrowing: Narrowing;
  onChange: (narrowing: Narrowing) => void;
}

export function Filters({ narrowing, onChange }: Props) {
  const { sender, chatId, days } = narrowing;
  const [isChoosing, setChoosing] = useState<"sender" | "chat" | null>(null);
  const chat = useMessenger((state) => {
    const entry = chatId === null ? undefined : state.chats[chatId];
    return entry ? chatName(entry.chat, state.users) : "";
  });
  const change = (part: Partial<Narrowing>) => {
    setChoosing(null);
    onChange({ ...narrowing, ...part });
  };
  const me = useMessenger((state) => state.me?.id);
  const fromPerson = sender && t("search.fromPerson", { name: sender.name });
  const fromText = sender?.id === me ? t("search.fromMe") : (fromPerson ?? t("search.from"));
  const times = useMenu(t("search.when"), () =>
    DAYS.map((count) => ({ label: t("search.lastDays", { count }), run: () => change({ days: count }) })),
  );
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-2 px-3 pb-2" aria-label={t("search.filters")}>
      <Chip
        icon="person"
        opens="dialog"
        text={fromText}
        isSet={sender !== null}
        onChoose={() => setChoosing("sender")}
        onClear={() => change({ sender: null })}
      />
      <Chip
        icon="group"
        opens="dialog"
        text={chatId ? t("search.inChat", { name: chat }) : t("search.in")}
        isSet={chatId !== null}
        onChoose={() => setChoosing("chat")}
        onClear={() => change({ chatId: null })}
      />
      <Chip
        icon="clock"
        opens="menu"
        text={days === null ? t("search.when") : t("search.lastDays", { count: days })}
        isSet={days !== null}
        onChoose={times.openAt}
        onClear={() => change({ days: null })}
      />
      {times.popup}
      {isChoosing === "sender" && (
        <ChooseSender onChoose={(sender) => change({ sender })} onClose={() => setChoosing(null)} />
      )}
      {isChoosing === "chat" && (
        <ChooseChat onChoose={(chatId) => change({ chatId })} onClose={() => setChoosing(null)} />
      )}
    </fieldset>
  );
}

interface ChipProps {
  icon: IconName;
  text: string;
  opens: "dialog" | "menu";
  isSet: boolean;
  onChoose: (button: Element) => void;
  onClear: () => void;
}

/** Chooses, and takes the choice back. */
function Chip({ icon, text, opens, isSet, onChoose, onClear }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isSet}
      aria-haspopup={isSet ? undefined : opens}
      onClick={(event) => (isSet ? onClear() : onChoose(event.currentTarget))}
      className={cx(
        "inline-flex min-h-11 max-w-full items-center gap-1.5 rounded-full px-3 text-sm forced-colors:border",
        isSet ? "bg-accent-soft text-accent" : "bg-sunken hover:bg-line",
      )}
    >
      <Icon name={icon} size={16} />
      <bdi className="truncate">{text}</bdi>
      {isSet && <Icon name="close" size={16} />}
    </button>
  );
}

interface ChooseSenderProps {
  onChoose: (sender: { id: UserId; name: string }) => void;
  onClose: () => void;
}

function ChooseSender({ onChoose, onClose }: ChooseSenderProps) {
  const me = useMessenger((state) => state.me);
  return (
    <Dialog title={t("search.fromWhom")} size="sheet" onClose={onClose}>
      <div className="flex h-full flex-col gap-2">
        {me && (
          <Button look="soft" icon="person" onClick={() => onChoose({ id: me.id, name: t("chat.you") })}>
            {t("chat.you")}
          </Button>
        )}
        <PeoplePicker onChoose={(user) => onChoose({ id: user.id, name: called(user) })} />
      </div>
    </Dialog>
  );
}
