import { type KeyboardEvent, useRef, useState } from "react";
import { t } from "../../i18n";
import { fold } from "../../text/highlight";
import { called } from "../../text/names";
import type { User, UserId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { isComposing } from "../kit/ime";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { Spinner } from "../kit/Spinner";
import { useKnownPeople } from "./useKnownPeople";
import { usePeopleSearch } from "./usePeopleSearch";

interface Props {
  onChoose: (user: User) => void;
  /** Those with a tick, where several can be chosen. */
  chosen?: ReadonlySet<UserId>;
  /** Whoever was chosen, while that takes its time. */
  opening?: UserId | undefined;
  /** Who can't be chosen: members already. */
  without?: ReadonlySet<UserId>;
}

/** Finds people. Before anything is typed it offers those one talks to already. */
export function PeoplePicker({ onChoose, chosen, opening, without }: Props) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const me = useMessenger((state) => state.me?.id);
  const known = useKnownPeople();
  const search = usePeopleSearch(text);
  const isTyped = text.trim() !== "";
  const offered = isTyped ? withKnown(matching(known, text), search.people) : known;
  const found = offered?.filter(({ id }) => id !== me && !without?.has(id));
  // Those who are known are found without the server, too.
  const isFailed = search.failure !== null && !found?.length;

  const choose = (user: User) => {
    onChoose(user);
    if (!chosen || text === "") return;
    // For the next one.
    setText("");
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      // A second Enter must not take out again whom the first has chosen.
      const isMeant = isTyped || !chosen;
      if (isMeant && found?.length === 1 && found[0]) choose(found[0]);
      return;
    }
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    if (by === 0 || buttons.length === 0) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.min(Math.max(at + by, 0), buttons.length - 1)]?.focus();
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TextField
        ref={field}
        label={t("people.search")}
        placeholder={t("people.searchHint")}
        isLabelHidden
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        dir="auto"
        trailing={
          search.isSearching && (
            <span className="grid size-11 place-items-center text-muted">
              <Spinner size={18} />
            </span>
          )
        }
      />
      {!isFailed && search.failure && (
        <p aria-live="polite" className="px-1 pt-2 text-muted text-sm">
          {wordsFor(search.failure)}
        </p>
      )}
      {isFailed && search.failure ? (
        <ErrorState failure={search.failure} onRetry={search.retry} />
      ) : found === undefined ? (
        <SkeletonRows rows={4} />
      ) : found.length === 0 ? (
        <EmptyState
          icon="person"
          title={t(isTyped ? "people.nobody" : "people.whom")}
          text={t(isTyped ? "people.nobodyText" : "people.whomText")}
        />
      ) : (
        <ul
          ref={list}
          // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of lists without bullets
          role="list"
          aria-label={t("people.title")}
          className="-mx-2 mt-2 min-h-0 flex-1 overflow-y-auto p-0.5"
        >
          {found.map((user) => (
            <li key={user.id}>
              <Person
                user={user}
                isChosen={chosen?.has(user.id)}
                isOpening={user.id === opening}
                onChoose={choose}
                onKeyDown={onKeyDown}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function matching(people: readonly User[], text: string): User[] {
  const wanted = fold(text.trim().replace(/^@/, ""));
  return people.filter((user) => fold(`${called(user)} ${user.username}`).includes(wanted));
}

/** Undefined while nobody is known of. */
function withKnown(known: readonly User[], found: readonly User[] | null): User[] | undefined {
  if (!found && known.length === 0) return undefined;
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...(found ?? []).filter(({ id }) => !ids.has(id))];
}

interface PersonProps {
  user: User;
  isChosen: boolean | undefined;
  isOpening: boolean;
  onChoose: (user: User) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Person({ user, isChosen, isOpening, onChoose, onKeyDown }: PersonProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={() => onChoose(user)}
      onKeyDown={onKeyDown}
      className="flex min-h-15 w-full items-center gap-3 rounded-xl px-2 text-start hover:bg-hover"
    >
      <Avatar id={user.id} name={called(user)} size={44} />
      <span className="min-w-0 flex-1">
        <OneLine className="font-medium">{called(user)}</OneLine>
        <OneLine className="text-sm text-muted">@{user.username}</OneLine>
      </span>
      {isChosen && <Icon name="check" className="text-accent" />}
      {isOpening && <Spinner size={20} />}
    </button>
  );
}
