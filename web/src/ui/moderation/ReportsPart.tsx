import { useCallback, useState } from "react";
import { locale, t } from "../../i18n";
import type { Staff } from "../../sync/staff";
import { dayTime } from "../../text/times";
import type { Report, ReportState } from "../../wire";
import { Icon } from "../kit/Icon";
import { REASONS } from "../safety/reasons";
import { Choice } from "../settings/Choice";
import { PagedList } from "./PagedList";
import { ReportView } from "./ReportView";
import { usePages } from "./usePages";

/** What was reported: what is open, or what became of it. */
export function ReportsPart() {
  const [state, setState] = useState<ReportState>("open");
  const [opened, setOpened] = useState<string | null>(null);
  const ask = useCallback(
    async (staff: Staff, cursor?: string) => {
      const page = await staff.reports({ state, cursor });
      return { items: page.reports, nextCursor: page.nextCursor ?? null };
    },
    [state],
  );
  const pages = usePages<Report>(ask);
  return (
    <>
      <Choice
        label={t("moderation.which")}
        value={state}
        options={[
          { value: "open", label: t("moderation.open") },
          { value: "resolved", label: t("moderation.resolved") },
        ]}
        onChange={setState}
      />
      <PagedList
        label={t("moderation.reports")}
        pages={pages}
        icon="flag"
        none={t(state === "open" ? "moderation.noOpen" : "moderation.noResolved")}
        row={(report) => <Row key={report.id} report={report} onOpen={() => setOpened(report.id)} />}
      />
      {opened && <ReportView id={opened} onResolved={pages.reload} onClose={() => setOpened(null)} />}
    </>
  );
}

const SUBJECTS = {
  message: "moderation.ofMessage",
  user: "moderation.ofUser",
  chat: "moderation.ofChat",
} as const;

function Row({ report, onOpen }: { report: Report; onOpen: () => void }) {
  const { subject, complaints, createdAt, resolution } = report;
  const reasons = [...new Set(complaints.map(({ reason }) => t(REASONS[reason])))].join(", ");
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex min-h-15 w-full items-center gap-3 rounded-xl bg-sunken px-3 py-2 text-start hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="block font-medium">{t(SUBJECTS[subject.kind], { reasons })}</span>
          <span className="block text-muted text-sm">
            {[
              t("moderation.complaints", { count: complaints.length }),
              dayTime(createdAt, locale()),
              ...(resolution ? [t(`moderation.did.${resolution.action}`)] : []),
            ].join(" · ")}
          </span>
        </span>
        <Icon name="chevron" size={18} className="text-muted rtl:-scale-x-100" />
      </button>
    </li>
  );
}
