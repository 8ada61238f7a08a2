import { locale, t } from "../../i18n";
import { highlight } from "../../text/highlight";
import { Marked } from "../../text/Marked";
import { previewText } from "../../text/markdown";
import { chatName, nameOf } from "../../text/names";
import { shortTime } from "../../text/times";
import type { Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { isHere } from "../frame/navigation";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { OneLine } from "../kit/OneLine";
import { orWarn } from "../kit/orWarn";

interface Props {
  message: Message;
  words: readonly string[];
}

/** A message outside of its chat; it leads to its place there. */
export function MessageHit({ message, words }: Props) {
  const actions = useActions();
  const chat = useMessenger((state) => state.chats[message.chatId]?.chat);
  const name = useMessenger((state) => (chat ? chatName(chat, state.users) : t("chat.somebody")));
  const sender = useMessenger((state) =>
    message.senderId === state.me?.id ? t("chat.you") : nameOf(state.users, message.senderId),
  );
  const href = paths.chat(message.chatId, message.seq);
  const hasSender = chat?.type === "group" || sender !== name;
  return (
    <li>
      <To
        href={href}
        // The address may be that of now already, with the reader somewhere else in the chat.
        onClick={() => isHere(href) && orWarn(actions.jumpTo(message.chatId, message.seq))}
        className="flex min-h-18 w-full items-center gap-3 rounded-xl px-2 py-2 text-start hover:bg-hover"
      >
        <Avatar id={chat?.peer?.id ?? message.chatId} name={name} size={44} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline justify-between gap-2">
            <OneLine className="font-medium">{name}</OneLine>
            <time dateTime={message.createdAt} className="shrink-0 text-muted text-xs">
              {shortTime(message.createdAt, Date.now(), locale())}
            </time>
          </span>
          <span className="flex text-muted text-sm">
            <span dir="auto" className="line-clamp-2 wrap-anywhere">
              {hasSender && (
                <>
                  <bdi className="text-ink">{t("search.sender", { name: sender })}</bdi>{" "}
                </>
              )}
              <Marked text={around(previewText(message.content), words)} words={words} />
            </span>
          </span>
        </span>
      </To>
    </li>
  );
}

const BEFORE = 40;

/** The part of a long text where the first word was found. */
function around(text: string, words: readonly string[]): string {
  const before = highlight(text, words)[0];
  const at = before && !before.isHit && before.text.length < text.length ? before.text.length : 0;
  if (at <= BEFORE * 2) return text;
  const from = text.lastIndexOf(" ", at - BEFORE);
  return `… ${text.slice(from < 0 ? at - BEFORE : from + 1)}`;
}
