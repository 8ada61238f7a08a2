import type { safety as en } from "../en/safety";

export const safety: Record<keyof typeof en, string> = {
  "safety.report": "Melden…",
  "safety.reportMessage": "Diese Nachricht melden",
  "safety.reportPerson": "{name} melden",
  "safety.reportGroup": "Gruppe melden",
  "safety.text":
    "Was du jetzt davon siehst, geht an die, die sich um diesen Server kümmern. Sonst erfährt niemand davon.",
  "safety.why": "Was ist damit?",
  "safety.note": "Was sie wissen sollten",
  "safety.noteHint": "Für die, die es ansehen.",
  "safety.alsoBlock": "{name} auch blockieren",
  "safety.send": "Meldung senden",
  "safety.thanks": "Danke",
  "safety.thanksText": "Jemand sieht es sich an.",
  "safety.reason.spam": "Spam oder Betrug",
  "safety.reason.harassment": "Belästigung",
  "safety.reason.hate": "Hass",
  "safety.reason.violence": "Gewalt oder Drohungen",
  "safety.reason.sexual": "Sexuelle Inhalte",
  "safety.reason.illegal": "Etwas Verbotenes",
  "safety.reason.impersonation": "Gibt sich als jemand anderes aus",
  "safety.reason.other": "Etwas anderes",
  "safety.level.info": "Mitteilung",
  "safety.level.warning": "Warnung",
  "safety.level.critical": "Dringende Mitteilung",
  "safety.more": "{count, plural, one {und # weitere} other {und # weitere}}",
};
