export const rights = {
  "rights.delete": "Delete account",
  "rights.deleteText": "Your profile, contacts and settings go. There is time to think better of it.",
  "rights.deleteTitle": "Delete your account?",
  "rights.deleteMeans":
    "All your devices are signed out now, and others don’t find you any more. Signing in before it is done for good takes it back.",
  "rights.messages": "Your messages",
  "rights.keep": "Keep",
  "rights.keepHint": "They stay, by a “Deleted account”.",
  "rights.remove": "Remove",
  "rights.removeHint": "They are removed for everyone.",
  "rights.deletedOn": "Your account is deleted for good on {date}.",
  "rights.download": "Download my data",
  "rights.downloadText":
    "A ZIP with your profile, settings, contacts and all messages that you see. Once a day; a letter tells when it is ready.",
  "rights.writing": "It is being written…",
  "rights.failed": "It could not be written. Ask for another one.",
  "rights.expired": "The last one is no longer there.",
  "rights.fetch": "Download ({size})",
  "rights.readyUntil": "It is there until {date}.",
  "rights.ask": "Ask for a copy",
  "rights.askAgain": "Ask for a newer copy",
} as const;
