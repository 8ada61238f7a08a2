import type { group as en } from "../en/group";

export const group: Record<keyof typeof en, string> = {
  "group.about": "نبذة",
  "group.add":
    "{count, plural, =0 {إضافة} one {إضافة شخص} two {إضافة شخصين} few {إضافة # أشخاص} other {إضافة # شخصًا}}",
  "group.addMembers": "إضافة أعضاء",
  "group.edit": "تعديل المجموعة",
  "group.makeAdmin": "تعيين مشرفًا",
  "group.makeMember": "سحب الإشراف",
  "group.memberMenu": "المزيد عن {name}",
  "group.options": "خيارات",
  "group.ownerStays": "للمغادرة، سلّم المجموعة أولًا إلى عضو آخر.",
  "group.peerTitle": "عن هذا الشخص",
  "group.remove": "إزالة من المجموعة",
  "group.removeText": "لن تصله رسائل منها بعد الآن. يمكن لمشرف إضافته من جديد.",
  "group.removeTitle": "إزالة {name}؟",
  "group.role.admin": "مشرف",
  "group.role.owner": "المالك",
  "group.title": "معلومات المجموعة",
  "group.transfer": "تسليم المجموعة",
  "group.transferText": "يصبح مالكها وتصبح أنت مشرفًا. وحده يستطيع إعادتها.",
  "group.transferTitle": "تسليم المجموعة إلى {name}؟",
  "group.write": "مراسلة",
};
