import type { rights as en } from "../en/rights";

export const rights: Record<keyof typeof en, string> = {
  "rights.delete": "Konto löschen",
  "rights.deleteText":
    "Dein Profil, deine Kontakte und Einstellungen gehen. Du hast Zeit, es dir anders zu überlegen.",
  "rights.deleteTitle": "Dein Konto löschen?",
  "rights.deleteMeans":
    "Alle deine Geräte werden jetzt abgemeldet, und andere finden dich nicht mehr. Wenn du dich anmeldest, bevor es endgültig ist, bleibt das Konto.",
  "rights.messages": "Deine Nachrichten",
  "rights.keep": "Behalten",
  "rights.keepHint": "Sie bleiben, von einem „Gelöschten Konto“.",
  "rights.remove": "Entfernen",
  "rights.removeHint": "Sie werden für alle entfernt.",
  "rights.deletedOn": "Dein Konto wird am {date} endgültig gelöscht.",
  "rights.download": "Meine Daten herunterladen",
  "rights.downloadText":
    "Ein ZIP mit deinem Profil, deinen Einstellungen, Kontakten und allen Nachrichten, die du siehst. Einmal am Tag; ein Brief sagt, wann es fertig ist.",
  "rights.writing": "Wird geschrieben …",
  "rights.failed": "Es ließ sich nicht schreiben. Verlange ein neues.",
  "rights.expired": "Das letzte ist nicht mehr da.",
  "rights.fetch": "Herunterladen ({size})",
  "rights.readyUntil": "Es ist bis zum {date} da.",
  "rights.ask": "Kopie anfordern",
  "rights.askAgain": "Neuere Kopie anfordern",
};
