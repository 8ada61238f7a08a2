import { useMemo, useRef, useState } from "react";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import { fold } from "../../text/highlight";
import { called } from "../../text/names";
import type { User } from "../../wire";
import { useIsAway } from "../frame/away";
import { useListFilter, useListPlace } from "../frame/listViews";
import { useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { EmptyState } from "../kit/EmptyState";
import { IconButton } from "../kit/IconButton";
import { OneLine } from "../kit/OneLine";
import { SkeletonRows } from "../kit/Skeleton";
import { useArrows } from "../kit/useArrows";
import { MenuButton } from "../kit/useMenu";
import { AddContact } from "./AddContact";
import { PeopleHeader } from "./PeopleHeader";
import { RequestsLink } from "./RequestsLink";
import { useBonds } from "./useBonds";
import { useContacts } from "./useContacts";
import { useTalk } from "./useTalk";

/** Everybody the user knows, by name. */
export function ContactsScreen({ onClose }: { onClose: () => void }) {
  const isAway = useIsAway();
  const isComplete = useMessenger((state) => state.isListComplete);
  const contacts = useContacts();
  const [filter, setFilter] = useListFilter("contacts");
  const [isAdding, setAdding] = useState(false);
  const talk = useTalk();
  const found = useMemo(() => {
    const wanted = fold(filter.trim());
    return contacts.filter((person) => fold(`${called(person)} ${person.username}`).includes(wanted));
  }, [contacts, filter]);

  return (
    <>
      <PeopleHeader title={t("contacts.title")} onClose={onClose}>
        <IconButton
          icon="plus"
          label={t("contacts.add")}
          onClick={() => setAdding(true)}
          className="text-accent"
        />
      </PeopleHeader>
      {contacts.length > 0 && (
        <search className="px-4 pb-2">
          <input
            type="search"
            value={filter}
            dir="auto"
            aria-label={t("contacts.filter")}
            placeholder={t("contacts.filter")}
            onChange={(event) => setFilter(event.target.value)}
            className="min-h-11 w-full rounded-xl bg-sunken px-3 placeholder:text-muted forced-colors:border"
          />
        </search>
      )}
      {filter === "" && <RequestsLink />}
      {found.length > 0 ? (
        <ContactList people={found} onChoose={talk.talkTo} />
      ) : contacts.length > 0 ? (
        <EmptyState icon="search" title={t("contacts.noneFound")} />
      ) : isComplete ? (
        <EmptyState icon="person" title={t("contacts.none")} text={t("contacts.noneText")}>
          <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
            {t("contacts.add")}
          </Button>
        </EmptyState>
      ) : isAway ? (
        <EmptyState icon="clock" title={t("contacts.notYet")} text={t("contacts.notYetText")} />
      ) : (
        <SkeletonRows rows={6} />
      )}
      {isAdding && <AddContact onClose={() => setAdding(false)} />}
      {talk.popup}
    </>
  );
}

interface ContactListProps {
  people: readonly Person[];
  onChoose: (user: User) => void;
}

function ContactList({ people, onChoose }: ContactListProps) {
  const list = useRef<HTMLUListElement>(null);
  const onArrow = useArrows(list);
  useListPlace("contacts", list);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys go from row to row
    <ul
      ref={list}
      onKeyDown={onArrow}
      // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of lists without bullets
      role="list"
      aria-label={t("contacts.title")}
      className="min-h-0 flex-1 overflow-y-auto px-2 pb-4"
    >
      {people.map((person) => (
        <ContactRow key={person.id} person={person} onChoose={onChoose} />
      ))}
    </ul>
  );
}

function ContactRow({ person, onChoose }: { person: Person; onChoose: (user: User) => void }) {
  const bonds = useBonds(person);
  const name = called(person);
  return (
    // Rows out of sight cost nothing, so that a thousand of them are no burden.
    <li className="flex items-center rounded-xl pe-1 [contain-intrinsic-size:auto_60px] [content-visibility:auto] hover:bg-hover">
      <button
        type="button"
        onClick={() => onChoose(person)}
        className="flex min-h-15 min-w-0 flex-1 items-center gap-3 rounded-xl px-2 text-start focus-visible:-outline-offset-2"
      >
        <Avatar id={person.id} name={name} size={44} />
        <span className="min-w-0 flex-1">
          <OneLine className="font-medium">{name}</OneLine>
          <OneLine className="text-sm text-muted">@{person.username}</OneLine>
        </span>
        {person.isBlocked && <span className="text-sm text-muted">{t("contacts.blockedState")}</span>}
      </button>
      <MenuButton icon="dots" label={t("contacts.menuOf", { name })} items={bonds.items} />
      {bonds.dialog}
    </li>
  );
}
