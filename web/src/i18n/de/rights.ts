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
};
