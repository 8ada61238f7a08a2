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
} as const;
