import type { group as en } from "../en/group";

export const group: Record<keyof typeof en, string> = {
  "group.about": "Info",
  "group.add": "{count, plural, =0 {Hinzufügen} one {# Person hinzufügen} other {# Personen hinzufügen}}",
  "group.addMembers": "Mitglieder hinzufügen",
  "group.edit": "Gruppe bearbeiten",
  "group.makeAdmin": "Zum Admin machen",
  "group.makeMember": "Adminrechte nehmen",
  "group.memberMenu": "Mehr zu {name}",
  "group.options": "Optionen",
  "group.ownerStays": "Um zu gehen, übergib die Gruppe erst einem anderen Mitglied.",
  "group.peerTitle": "Über diese Person",
  "group.remove": "Aus der Gruppe entfernen",
  "group.removeText":
    "Sie oder er bekommt keine Nachrichten mehr daraus. Ein Admin kann sie wieder hinzufügen.",
  "group.removeTitle": "{name} entfernen?",
  "group.role.admin": "Admin",
  "group.role.owner": "Besitz",
  "group.title": "Gruppeninfo",
  "group.transfer": "Gruppe übergeben",
  "group.transferText": "Sie oder er besitzt sie dann, und du bist Admin. Zurückgeben können nur sie.",
  "group.transferTitle": "Die Gruppe an {name} übergeben?",
  "group.write": "Schreiben",
};
