import { t } from "../../i18n";
import { called } from "../../text/names";
import type { User } from "../../wire";
import { Avatar } from "../kit/Avatar";
import { Icon } from "../kit/Icon";
import { OneLine } from "../kit/OneLine";

interface Props {
  people: readonly User[];
  onRemove: (user: User) => void;
}

/** Those chosen so far; pressing one takes it out again. */
export function Chips({ people, onRemove }: Props) {
  if (people.length === 0) return null;
  return (
    <ul
      aria-label={t("people.members")}
      className="mb-3 flex max-h-28 flex-wrap gap-1.5 overflow-y-auto p-0.5"
    >
      {people.map((user) => (
        <li key={user.id} className="max-w-full">
          <button
            type="button"
            aria-label={t("people.remove", { name: called(user) })}
            onClick={() => onRemove(user)}
            className="flex min-h-9 max-w-full items-center gap-1.5 rounded-full bg-accent-soft py-1 ps-1 pe-2.5 text-sm"
          >
            <Avatar id={user.id} name={called(user)} size={28} />
            <OneLine className="max-w-40">{called(user)}</OneLine>
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
