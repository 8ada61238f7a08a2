import { useState } from "react";
import { t } from "../../i18n";
import { useMessenger } from "../frame/messenger";
import { Choice } from "../settings/Choice";
import { AnnouncementsPart } from "./AnnouncementsPart";
import { BansPart } from "./BansPart";
import { ReportsPart } from "./ReportsPart";

type Part = "reports" | "bans" | "announcements";

/** What moderators and admins look after. */
export function Moderation() {
  const [part, setPart] = useState<Part>("reports");
  const isAdmin = useMessenger((state) => state.me?.role === "admin");
  const options: { value: Part; label: string }[] = [
    { value: "reports", label: t("moderation.reports") },
    { value: "bans", label: t("moderation.bans") },
  ];
  if (isAdmin) options.push({ value: "announcements", label: t("moderation.announcements") });
  return (
    <div className="flex flex-col gap-5">
      <Choice label={t("moderation.part")} value={part} options={options} onChange={setPart} />
      {part === "reports" && <ReportsPart />}
      {part === "bans" && <BansPart />}
      {part === "announcements" && isAdmin && <AnnouncementsPart />}
    </div>
  );
}
