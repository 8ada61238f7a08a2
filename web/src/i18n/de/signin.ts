import type { signin as en } from "../en/signin";

export const signin: Record<keyof typeof en, string> = {
  "signin.createAccount": "Konto erstellen",
  "signin.createTitle": "Erstelle dein Konto",
  "signin.displayName": "Anzeigename",
  "signin.displayNameHint": "Was andere sehen. Du kannst ihn jederzeit ändern.",
  "signin.email": "E-Mail",
  "signin.emailWrong": "Das sieht nicht nach einer E-Mail-Adresse aus.",
  "signin.haveAccount": "Du hast ein Konto?",
  "signin.identifierHint": "Dein Benutzername geht auch.",
  "signin.insecure": "Zum Anmelden braucht es eine sichere Verbindung",
  "signin.insecureText":
    "Öffne diese Seite mit https:// (oder auf diesem Rechner als http://localhost). Sonst behält der Browser keine Anmeldung.",
  "signin.language": "Sprache",
  "signin.missing": "Bitte ausfüllen.",
  "signin.newHere": "Neu hier?",
  "signin.noStorage": "Dein Browser blockiert Cookies und Websitedaten",
  "signin.noStorageText":
    "Erlaube in den Einstellungen des Browsers Cookies und Websitedaten für diese Adresse und lade dann neu. Ohne sie kannst du nicht angemeldet bleiben.",
  "signin.password": "Passwort",
  "signin.passwordHint": "{min} Zeichen oder mehr. Ein paar Wörter merkt man sich leicht.",
  "signin.passwordShort": "Das ist zu kurz: {min} Zeichen oder mehr.",
  "signin.seconds": "{seconds} s",
  "signin.signIn": "Anmelden",
  "signin.signInTitle": "Willkommen zurück",
  "signin.slogan": "Nachrichten, die ankommen.",
  "signin.taken":
    "Zu der E-Mail-Adresse oder dem Benutzernamen gibt es schon ein Konto. Melde dich an oder wähle etwas anderes.",
  "signin.tooLong": "Das ist zu lang: höchstens {max} Zeichen.",
  "signin.username": "Benutzername",
  "signin.usernameHint": "So finden dich andere: Buchstaben a bis z, Ziffern, _ und .",
  "signin.usernameWrong": "3 bis 32 aus a bis z, 0 bis 9, _ und ., am Anfang ein Buchstabe oder eine Ziffer.",
  "signin.wrong": "E-Mail oder Benutzername und Passwort gehören nicht zusammen.",
  "signin.emailTaken": "Zu dieser Adresse gibt es schon ein Konto. Melde dich an oder nimm eine andere.",
  "signin.passwordWeak":
    "Das ist zu leicht zu erraten. Ein paar Wörter, die nicht zusammengehören, sind schwer.",
  "signin.usernameTaken": "Diesen Benutzernamen hat schon jemand.",
  "signin.ended.banned": "Dieses Konto wurde gesperrt. Beim Anmelden steht, warum.",
  "signin.ended.expired": "Du warst lange weg. Melde dich wieder an.",
  "signin.ended.passwordChanged": "Das Passwort wurde geändert. Melde dich mit dem neuen an.",
  "signin.ended.revoked": "Dieses Gerät wurde von einem anderen aus abgemeldet.",
  "signin.ended.theft":
    "Vielleicht hat jemand deine Sitzung kopiert, darum wurde sie beendet. Melde dich wieder an und sieh deine Geräte durch.",
  "signin.ended.deleted": "Dein Konto wird gelöscht. Wenn du dich anmeldest, bleibt es.",
  "signin.stayed": "Dein Konto sollte gelöscht werden. Jetzt bleibt es.",
};
