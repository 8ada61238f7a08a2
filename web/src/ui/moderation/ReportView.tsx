import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { nameOf } from "../../text/names";
import { dayTime } from "../../text/times";
import type { Complaint, Report, ReportAction } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf } from "../kit/failure";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { REASONS } from "../safety/reasons";
import { EvidenceView } from "./EvidenceView";
import { ResolveDialog } from "./ResolveDialog";

interface Props {
  id: string;
  onResolved: () => void;
  onClose: () => void;
}

/** One report: who says what, what they saw, and what is to be done about it. */
export function ReportView({ id, onResolved, onClose }: Props) {
  const actions = useActions();
  const [report, setReport] = useState<Report | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [action, setAction] = useState<ReportAction | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setReport((await (await actions.staff()).report(id)).report);
    } catch (error) {
      setFailure(failureOf(error));
    }
  }, [actions, id]);
  useEffect(() => void load(), [load]);

  const isWaiting = useWaiting(!report && !failure);
  const evidence = report?.complaints[0]?.evidence;
  const title = evidence?.user?.displayName ?? evidence?.chat?.title ?? t("moderation.report");
  return (
    <Dialog
      title={title}
      size="sheet"
      onClose={onClose}
      footer={
        report?.state === "open" && (
          <div className="grid flex-1 grid-cols-2 gap-2">
            {offered(report).map((one) => (
              <Button
                key={one}
                look={one === "dismiss" ? "quiet" : "danger-plain"}
                onClick={() => setAction(one)}
              >
                {t(`moderation.do.${one}`)}
              </Button>
            ))}
          </div>
        )
      }
    >
      {failure && <ErrorState failure={failure} onRetry={() => void load()} />}
      {isWaiting && <SkeletonRows rows={4} />}
      {report && !isWaiting && (
        <div className="flex flex-col gap-5">
          {report.resolution && (
            <p className="rounded-xl bg-accent-soft p-3">
              {[t(`moderation.did.${report.resolution.action}`), report.resolution.note]
                .filter(Boolean)
                .join(" – ")}
            </p>
          )}
          <section>
            <h3 className="mb-1 font-semibold">{t("moderation.said")}</h3>
            <ul className="flex flex-col gap-2">
              {report.complaints.map((complaint) => (
                <ComplaintRow key={complaint.reporterId} complaint={complaint} />
              ))}
            </ul>
          </section>
          {evidence && <EvidenceView evidence={evidence} reported={report.reportedId ?? null} />}
        </div>
      )}
      {report && action && (
        <ResolveDialog
          report={report}
          action={action}
          onDone={() => {
            onResolved();
            onClose();
          }}
          onClose={() => setAction(null)}
        />
      )}
    </Dialog>
  );
}

/** With a chat nobody in particular is reported. */
function offered({ reportedId }: Report): ReportAction[] {
  return reportedId ? ["dismiss", "warn", "sweep", "ban"] : ["dismiss"];
}

function ComplaintRow({ complaint: { reporterId, reason, note, at } }: { complaint: Complaint }) {
  const actions = useActions();
  const name = useMessenger((state) => nameOf(state.users, reporterId));
  useEffect(() => void actions.user(reporterId).catch(() => {}), [actions, reporterId]);
  return (
    <li className="rounded-xl bg-sunken px-3 py-2">
      <p className="font-medium">{t(REASONS[reason])}</p>
      {note && (
        <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {note}
        </p>
      )}
      <p className="text-muted text-sm">
        <bdi>{name}</bdi> · {dayTime(at, locale())}
      </p>
    </li>
  );
}
