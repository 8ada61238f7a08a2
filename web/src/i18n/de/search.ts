import type { search as en } from "../en/search";

export const search: Record<keyof typeof en, string> = {
  "search.chats": "Chats",
  "search.count":
    "{count, plural, =0 {Keine Nachrichten gefunden} one {# Nachricht gefunden} other {# Nachrichten gefunden}}",
  "search.label": "Suche",
  "search.messages": "Nachrichten",
  "search.more": "Mehr anzeigen",
  "search.noStars": "Keine markierten Nachrichten",
  "search.noStarsText": "Markiere eine Nachricht, um sie hier wiederzufinden, auf allen deinen Geräten.",
  "search.nothing": "Nichts gefunden",
  "search.nothingText": "Versuche andere Wörter oder nur den Anfang von einem.",
  "search.people": "Personen",
  "search.placeholder": "Chats, Personen, Nachrichten",
  "search.sender": "{name}:",
  "search.starred": "Markierte Nachrichten",
  "search.start": "Alles durchsuchen",
  "search.startText": "Finde Chats und Personen nach Namen und Nachrichten nach ihren Wörtern.",
};
