import type { people as en } from "../en/people";

export const people: Record<keyof typeof en, string> = {
  "people.actions": "Aktionen",
  "people.createGroup": "Gruppe erstellen",
  "people.groupTitle": "Gruppenname",
  "people.inCommon": "Gemeinsame Gruppen",
  "people.inGroup": "In dieser Gruppe",
  "people.members": "Mitglieder",
  "people.newChat": "Neuer Chat",
  "people.newGroup": "Neue Gruppe",
  "people.nobody": "Niemand gefunden",
  "people.nobodyText": "Versuche eine andere Schreibweise oder den genauen Benutzernamen.",
  "people.remove": "{name} entfernen",
  "people.search": "Personen suchen",
  "people.searchHint": "Name oder Benutzername",
  "people.title": "Personen",
  "people.titleMissing": "Gib der Gruppe einen Namen.",
  "people.whom": "Wer soll es sein?",
  "people.whomText": "Gib einen Namen oder Benutzernamen ein.",
};
