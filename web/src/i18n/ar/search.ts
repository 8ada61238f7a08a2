import type { search as en } from "../en/search";

export const search: Record<keyof typeof en, string> = {
  "search.chats": "المحادثات",
  "search.count":
    "{count, plural, =0 {لا رسائل} one {رسالة واحدة} two {رسالتان} few {# رسائل} other {# رسالة}}",
  "search.label": "بحث",
  "search.messages": "الرسائل",
  "search.more": "عرض المزيد",
  "search.noStars": "لا رسائل مميزة بنجمة",
  "search.noStarsText": "ميّز رسالة بنجمة لتجدها هنا من جميع أجهزتك.",
  "search.nothing": "لا نتائج",
  "search.nothingText": "جرّب كلمات أخرى، أو بداية كلمة فقط.",
  "search.people": "الأشخاص",
  "search.placeholder": "محادثات، أشخاص، رسائل",
  "search.sender": "{name}:",
  "search.starred": "الرسائل المميزة بنجمة",
  "search.start": "البحث في كل شيء",
  "search.startText": "ابحث عن المحادثات والأشخاص بالاسم وعن الرسائل بكلماتها.",
};
