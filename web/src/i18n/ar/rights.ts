import type { rights as en } from "../en/rights";

export const rights: Record<keyof typeof en, string> = {
  "rights.delete": "حذف الحساب",
  "rights.deleteText": "يزول ملفك وجهات اتصالك وإعداداتك. لديك وقت لتعيد التفكير.",
  "rights.deleteTitle": "حذف حسابك؟",
  "rights.deleteMeans": "تُسجَّل كل أجهزتك خارجًا الآن ولا يجدك الآخرون. تسجيل الدخول قبل الحذف النهائي يلغيه.",
  "rights.messages": "رسائلك",
  "rights.keep": "إبقاء",
  "rights.keepHint": "تبقى باسم «حساب محذوف».",
  "rights.remove": "إزالة",
  "rights.removeHint": "تُزال للجميع.",
  "rights.deletedOn": "يُحذف حسابك نهائيًا في {date}.",
  "rights.download": "تنزيل بياناتي",
  "rights.downloadText":
    "ملف ZIP فيه ملفك وإعداداتك وجهات اتصالك وكل الرسائل التي تراها. مرة في اليوم، وتصلك رسالة حين يجهز.",
  "rights.writing": "جارٍ إعداده…",
  "rights.failed": "تعذّر إعداده. اطلب غيره.",
  "rights.expired": "لم يعد الأخير متاحًا.",
  "rights.fetch": "تنزيل ({size})",
  "rights.readyUntil": "متاح حتى {date}.",
  "rights.ask": "طلب نسخة",
  "rights.askAgain": "طلب نسخة أحدث",
};
