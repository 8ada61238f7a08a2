//! What is decided about a report, and done.
//!
//! Whoever closes the report decides, and one does: then it is carried out. A side job that is there
//! before sees to it where the one who decided has died meanwhile.

use std::time::Duration;

use nexus_protocol::{
    AnnouncementId, AuditAction, AuditActor, BanUser, Report, ReportAction, ReportId, ReportState,
    Resolution, ResolveReport, SweepId, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{find, note_of, target};
use crate::{
    Core, Error, Result, announcements, audit, bans,
    jobs::{self, Job, JobError, JobKey},
    staff::{Order, Power, Staff},
    sweeps,
};

/// Whoever decided has carried it out by then.
const CARRIED_OUT: Duration = Duration::from_secs(30);

/// With all that carrying it out takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub resolution: Resolution,
    /// For the reported.
    pub reason: String,
    /// Of a ban.
    pub until: Option<Timestamp>,
    /// Of the warning, or of the sweep: a repeat makes no second one.
    pub effect: Uuid,
}

impl Verdict {
    /// What can be refused is refused here: once the report is closed, it is done.
    fn new(order: &Order<'_>, report: &Report, req: ResolveReport) -> Result<Verdict> {
        let (action, note) = (req.action, note_of(req.note)?);
        if report.state != ReportState::Open {
            return Err(resolved_before());
        }
        if action != ReportAction::Dismiss && report.reported_id.is_none() {
            let nobody = "needs somebody: nobody in particular is reported";
            return Err(Error::invalid("action", nobody));
        }
        let (reason, until) = (req.reason.unwrap_or_default(), req.until);
        match action {
            ReportAction::Warn => announcements::check_warning(&reason)?,
            ReportAction::Ban => {
                bans::check(&BanUser { reason: reason.clone(), until }, order.at)?;
            }
            ReportAction::Dismiss | ReportAction::Sweep => {}
        }
        let resolution = Resolution { action, note, by: order.actor.user(), at: order.at };
        Ok(Verdict { resolution, reason, until, effect: order.ids.uuid() })
    }
}

/// Of two who do so at once one is told that it is resolved.
pub async fn resolve(
    core: &Core,
    staff: &Staff,
    id: ReportId,
    req: ResolveReport,
) -> Result<Report> {
    staff.require(core, Power::ResolveReports).await?;
    let report = find(core, staff, id).await?;
    require_may(core, staff, &report, req.action).await?;
    let verdict = Verdict::new(&Order::of(core, staff), &report, req)?;
    let job = Job::ActOnReport { report: id, verdict: verdict.clone() };
    let key = JobKey::of(format!("verdict:{}", verdict.effect));
    jobs::push(core, &job, key, verdict.resolution.at.plus(CARRIED_OUT)).await?;
    if !core.store.resolve_report(id, &verdict.resolution).await? {
        return Err(resolved_before());
    }
    act(core, &report, &verdict).await?;
    find(core, staff, id).await
}

/// By `nexus admin`: a server that runs carries it out.
pub async fn resolve_by_operator(
    order: &Order<'_>,
    id: ReportId,
    req: ResolveReport,
) -> Result<()> {
    let report = order.store.report(id).await?.ok_or(Error::NotFound("report"))?;
    let verdict = Verdict::new(order, &report, req)?;
    let job = Job::ActOnReport { report: id, verdict: verdict.clone() };
    jobs::push_from_outside(order, &job).await?;
    match order.store.resolve_report(id, &verdict.resolution).await? {
        true => Ok(()),
        false => Err(resolved_before()),
    }
}

/// Nobody judges themselves, and what is done takes its own power.
async fn require_may(
    core: &Core,
    staff: &Staff,
    report: &Report,
    action: ReportAction,
) -> Result<()> {
    let Some(user) = report.reported_id else { return Ok(()) };
    if user == staff.user {
        return Err(Error::Forbidden("somebody else must look into what is said of you".into()));
    }
    match action {
        ReportAction::Dismiss | ReportAction::Warn => Ok(()),
        ReportAction::Ban => {
            staff.require(core, Power::Ban).await?;
            bans::require_below(core, staff, user).await.map(|_| ())
        }
        ReportAction::Sweep => {
            staff.require(core, Power::Sweep).await?;
            sweeps::require_below(core, staff, user).await
        }
    }
}

fn resolved_before() -> Error {
    Error::Conflict("this report is resolved already".into())
}

/// Carries a [`Job::ActOnReport`] out, unless somebody else's verdict came first.
pub(crate) async fn carry_out(
    core: &Core,
    id: ReportId,
    verdict: &Verdict,
) -> Result<(), JobError> {
    let Some(report) = core.store.report(id).await? else { return Ok(()) };
    match &report.resolution {
        Some(resolution) if *resolution == verdict.resolution => {
            Ok(act(core, &report, verdict).await?)
        }
        Some(_) => Ok(()),
        None => jobs::not_yet(core, verdict.resolution.at),
    }
}

/// Noted last: then all of it is done. Each step tells the log what it does, and does nothing where
/// it was done before.
async fn act(core: &Core, report: &Report, verdict: &Verdict) -> Result<()> {
    let (action, target) = (AuditAction::ReportResolved, target(report.id));
    if audit::is_noted(&*core.store, None, action, target).await? {
        return Ok(());
    }
    let Verdict { resolution, .. } = verdict;
    let actor = resolution.by.map_or(AuditActor::Operator, |id| AuditActor::User { id });
    let order = Order { store: &*core.store, ids: &*core.ids, at: resolution.at, actor };
    if let Some(user) = report.reported_id {
        act_on(core, &order, report, verdict, user).await?;
    }
    let detail = json!({ "action": resolution.action, "note": resolution.note });
    order.note(action, target, detail).await
}

async fn act_on(
    core: &Core,
    order: &Order<'_>,
    report: &Report,
    verdict: &Verdict,
    user: UserId,
) -> Result<()> {
    let Verdict { resolution, reason, until, effect } = verdict;
    match resolution.action {
        ReportAction::Dismiss => Ok(()),
        ReportAction::Warn => {
            announcements::warn(core, order, AnnouncementId(*effect), user, reason).await
        }
        ReportAction::Ban => {
            let ban = core.store.user(user).await?.and_then(|user| user.ban);
            if !ban.is_some_and(|ban| ban.at == order.at && ban.by == resolution.by) {
                let req = BanUser { reason: reason.clone(), until: *until };
                bans::keep_out(order, user, req).await?;
            }
            bans::enforce(core, user).await.map(|_| ())
        }
        ReportAction::Sweep => {
            let chat = report.complaints.first().and_then(|complaint| {
                complaint.evidence.as_ref()?.chat.as_ref().map(|chat| chat.id)
            });
            sweeps::start_for_report(core, order, SweepId(*effect), user, chat).await
        }
    }
}
