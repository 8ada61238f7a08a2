/* oxlint-disable jsx-a11y/click-events-have-key-events -- the keyboard stays in the text box */

import { useEffect, useRef } from "react";
import { t } from "../../i18n";
import { called } from "../../text/names";
import type { User } from "../../wire";
import { Avatar } from "../kit/Avatar";
import { cx } from "../kit/cx";
import { OneLine } from "../kit/OneLine";

interface Props {
  id: string;
  users: readonly User[];
  active: number;
  onChoose: (user: User) => void;
}

/** The choices of the combobox that the composer becomes while a mention is typed. */
export function MentionList({ id, users, active, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={t("chat.mention.list")}
      className="fade-in absolute inset-x-2 bottom-full mb-2 max-h-64 overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 shadow-pop"
    >
      {users.map((user, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the text box
        <div
          key={user.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(user)}
          className={cx(
            "flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2",
            index === active ? "bg-selected" : "hover:bg-hover",
          )}
        >
          <Avatar id={user.id} name={called(user)} size={32} />
          <OneLine className="font-medium">{called(user)}</OneLine>
          <OneLine className="text-muted text-sm">@{user.username}</OneLine>
        </div>
      ))}
    </div>
  );
}
