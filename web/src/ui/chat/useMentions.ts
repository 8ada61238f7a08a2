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
  /** What is being typed now, for members that come while somebody types on. */
  const latest = useRef<MentionQuery | null>(null);
  const [query, setQuery] = useState<MentionQuery | null>(null);
  const [choices, setChoices] = useState<User[]>([]);
  const [active, setActive] = useState(0);

  const fill = () => {
    const me = actions.store.getState().me?.id;
    const { current: wanted } = latest;
    const fitting = members.current.filter(
      ({ user }) => wanted && user.id !== me && matchesMention(user, wanted.word),
    );
    setChoices(fitting.slice(0, MOST_SHOWN).map((member) => member.user));
  };
  const show = (wanted: MentionQuery | null) => {
    latest.current = wanted;
    setQuery(wanted);
    setActive(0);
    fill();
  };

  const ask = async () => {
    asked.current = true;
    members.current = [];
    try {
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await actions.members(chat.id, cursor);
        members.current = [...members.current, ...page.items];
        cursor = page.nextCursor;
        fill();
      }
    } catch {
      // Without the list one types the name; the next `@` asks again.
      asked.current = false;
    }
  };

  const look = (text: string, caret: number) => {
    const wanted = chat.type === "group" ? mentionAt(text, caret) : null;
    if (wanted && !asked.current) void ask();
    if (wanted || query) show(wanted);
  };

  return { query, choices, active, setActive, look, close: () => show(null) };
}
