export const privacy = {
  "privacy.about": "Who sees the line about you",
  "privacy.contacts": "My contacts",
  "privacy.everyone": "Everyone",
  "privacy.findByEmail": "Can be found by e-mail address",
  "privacy.findByEmailHint": "By who knows the whole address. It is shown to nobody.",
  "privacy.groups": "Who can add you to groups",
  "privacy.groupsHint": "Others can’t add you; you can still join by yourself.",
  "privacy.lastSeen": "Who sees when you are there",
  "privacy.lastSeenHint":
    "Whether you are online, and when you last were. Who hides it from all sees nobody else’s.",
  "privacy.message": "Who can write to you",
  "privacy.messageHint": "Others can ask to become a contact. Chats that you have stay open.",
  "privacy.nobody": "Nobody",
  "privacy.receipts": "Who learns what you have read",
  "privacy.receiptsHint": "You learn it only of those who learn it of you, in groups too.",
  "privacy.title": "Privacy",
} as const;
