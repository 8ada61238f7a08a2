import type { privacy as en } from "../en/privacy";

export const privacy: Record<keyof typeof en, string> = {
  "privacy.about": "Wer die Zeile über dich sieht",
  "privacy.contacts": "Meine Kontakte",
  "privacy.everyone": "Alle",
  "privacy.findByEmail": "Über die E-Mail-Adresse zu finden",
  "privacy.findByEmailHint": "Von denen, die die ganze Adresse kennen. Gezeigt wird sie niemandem.",
  "privacy.groups": "Wer dich zu Gruppen hinzufügen kann",
  "privacy.groupsHint": "Andere können dich nicht hinzufügen; selbst beitreten kannst du weiterhin.",
  "privacy.lastSeen": "Wer sieht, wann du da bist",
  "privacy.lastSeenHint":
    "Ob du online bist und wann zuletzt. Wer es vor allen verbirgt, sieht es auch bei niemandem.",
  "privacy.message": "Wer dir schreiben kann",
  "privacy.messageHint":
    "Andere können darum bitten, ein Kontakt zu werden. Chats, die du schon hast, bleiben offen.",
  "privacy.nobody": "Niemand",
  "privacy.receipts": "Wer erfährt, was du gelesen hast",
  "privacy.receiptsHint": "Du erfährst es nur von denen, die es von dir erfahren, auch in Gruppen.",
  "privacy.title": "Privatsphäre",
};
