import type { people as en } from "../en/people";

export const people: Record<keyof typeof en, string> = {
  "people.actions": "الإجراءات",
  "people.createGroup": "إنشاء المجموعة",
  "people.groupTitle": "اسم المجموعة",
  "people.inCommon": "المجموعات المشتركة",
  "people.inGroup": "في هذه المجموعة",
  "people.members": "الأعضاء",
  "people.newChat": "محادثة جديدة",
  "people.newGroup": "مجموعة جديدة",
  "people.nobody": "لم يُعثر على أحد",
  "people.nobodyText": "جرّب كتابة أخرى أو اسم المستخدم بالضبط.",
  "people.remove": "إزالة {name}",
  "people.search": "البحث عن أشخاص",
  "people.searchHint": "الاسم أو اسم المستخدم",
  "people.title": "الأشخاص",
  "people.titleMissing": "أعطِ المجموعة اسمًا.",
  "people.whom": "مع من؟",
  "people.whomText": "اكتب اسمًا أو اسم مستخدم.",
};
