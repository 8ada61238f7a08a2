import { useRef, useState } from "react";
import type { Chat, Member, User } from "../../wire";
import { useActions } from "../frame/messenger";
import { type MentionQuery, matchesMention, mentionAt } from "./composing";

const MOST_SHOWN = 8;

/** Members to choose from while an `@` is being typed. They are asked for once it is. */
export function useMentions(chat: Chat) {
  const actions = useActions();
  const members = useRef<Member[]>([]);
  const asked = useRef(false);
  const [query, setQuery] = useState<MentionQuery | null>(null);
  const [choices, setChoices] = useState<User[]>([]);
  const [active, setActive] = useState(0);

  const show = (wanted: MentionQuery | null) => {
    const me = actions.store.getState().me?.id;
    const fitting = members.current.filter(
      ({ user }) => wanted && user.id !== me && matchesMention(user, wanted.word),
    );
    setQuery(wanted);
    setChoices(fitting.slice(0, MOST_SHOWN).map((member) => member.user));
    setActive(0);
  };

  const ask = async (wanted: MentionQuery) => {
    asked.current = true;
    try {
      let page = await actions.members(chat.id);
      members.current = page.items;
      show(wanted);
      while (page.nextCursor !== null) {
        page = await actions.members(chat.id, page.nextCursor);
        members.current = [...members.current, ...page.items];
      }
    } catch {
      // Without the list one types the name; the next `@` asks again.
      asked.current = false;
    }
  };

  const look = (text: string, caret: number) => {
    const wanted = chat.type === "group" ? mentionAt(text, caret) : null;
    if (wanted && !asked.current) void ask(wanted);
    if (wanted || query) show(wanted);
  };

  return { query, choices, active, setActive, look, close: () => show(null), members };
}
