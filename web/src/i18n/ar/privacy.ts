import type { privacy as en } from "../en/privacy";

export const privacy: Record<keyof typeof en, string> = {
  "privacy.about": "من يرى النبذة عنك",
  "privacy.contacts": "جهات اتصالي",
  "privacy.everyone": "الجميع",
  "privacy.findByEmail": "يمكن العثور عليّ بالبريد الإلكتروني",
  "privacy.findByEmailHint": "لمن يعرف العنوان كاملًا. ولا يُعرض على أحد.",
  "privacy.groups": "من يمكنه إضافتك إلى المجموعات",
  "privacy.groupsHint": "لا يستطيع الآخرون إضافتك، ويمكنك الانضمام بنفسك.",
  "privacy.lastSeen": "من يرى متى تكون متصلًا",
  "privacy.lastSeenHint": "إن كنت متصلًا ومتى كنت آخر مرة. من يخفي ذلك عن الجميع لا يراه لدى أحد.",
  "privacy.message": "من يمكنه مراسلتك",
  "privacy.messageHint": "يمكن للآخرين أن يطلبوا أن يصبحوا جهة اتصال. محادثاتك الحالية تبقى مفتوحة.",
  "privacy.nobody": "لا أحد",
  "privacy.receipts": "من يعرف ما قرأته",
  "privacy.receiptsHint": "لا تعرف ذلك إلا عمّن يعرفه عنك، وفي المجموعات أيضًا.",
  "privacy.title": "الخصوصية",
};
