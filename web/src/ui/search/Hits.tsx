import { Marked } from "../../text/Marked";
import { called, chatName } from "../../text/names";
import type { ChatId, User } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { OneLine } from "../kit/OneLine";

const ROW = "flex min-h-15 w-full items-center gap-3 rounded-xl px-2 text-start hover:bg-hover";
// Rows out of sight cost nothing, so that a thousand of them are no burden.
const ITEM = "[contain-intrinsic-size:auto_60px] [content-visibility:auto]";

export function ChatHit({ id, words }: { id: ChatId; words: readonly string[] }) {
  const chat = useMessenger((state) => state.chats[id]?.chat);
  const name = useMessenger((state) => (chat ? chatName(chat, state.users) : ""));
  return (
    <li className={ITEM}>
      <To href={paths.chat(id)} className={ROW}>
        <Avatar id={chat?.peer?.id ?? id} name={name} size={44} />
        <OneLine className="font-medium">
          <Marked text={name} words={words} />
        </OneLine>
      </To>
    </li>
  );
}

interface PersonProps {
  user: User;
  words: readonly string[];
  onChoose: (user: User) => void;
}

export function PersonHit({ user, words, onChoose }: PersonProps) {
  return (
    <li className={ITEM}>
      <button type="button" onClick={() => onChoose(user)} className={ROW}>
        <Avatar id={user.id} name={called(user)} size={44} />
        <span className="min-w-0">
          <OneLine className="font-medium">
            <Marked text={called(user)} words={words} />
          </OneLine>
          <OneLine className="text-muted text-sm">
            @<Marked text={user.username} words={words} />
          </OneLine>
        </span>
      </button>
    </li>
  );
}
