import { useMemo } from "react";
import { useShallow } from "zustand/shallow";
import { locale } from "../../i18n";
import type { Person } from "../../sync/model";
import { called } from "../../text/names";
import { useMessenger } from "../frame/messenger";

/** By name; those who are not known yet come when they are. */
export function useContacts(): readonly Person[] {
  const people = useMessenger(
    useShallow((state) => Object.keys(state.contacts).map((id) => state.users[id])),
  );
  return useMemo(() => byName(people.filter((person) => person !== undefined)), [people]);
}

export function byName(people: readonly Person[]): Person[] {
  const { compare } = new Intl.Collator(locale());
  return people.toSorted((a, b) => compare(called(a), called(b)));
}
