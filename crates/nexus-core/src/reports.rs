//! Reports: what users tell staff, and what staff make of it.
//!
//! Each complaint carries what its reporter saw at that moment, so that nothing is lost by a later
//! edit or deletion, and nothing is shown to staff that the reporter could not see.

use nexus_protocol::{
    AuditAction, AuditSubject, AuditTarget, BanUser, ChatId, Complaint, Evidence, FileReport,
    MAX_PAGE, MessageId, Report, ReportAction, ReportId, ReportState, ReportSubject, ReportedChat,
    Reports, Resolution, ResolveReport, UserId,
};
use serde_json::json;

use crate::{
    Core, Error, Result, announcements, audit, bans, cursor, limits, messages,
    ports::Page,
    staff::{Power, Staff},
    users,
    validate::Findings,
};

/// Messages before and after the one that is reported, it included.
const AROUND: u32 = 11;
/// The last texts of a message that was edited often.
const MAX_EDITS: usize = 20;
const MAX_NOTE_CHARS: usize = 1_000;

/// Files a report about what the reporter may see; anything else is not there.
pub async fn file(core: &Core, reporter: UserId, req: FileReport) -> Result<()> {
    let note = note_of(req.note)?;
    let subject = match (req.message_id, req.user_id, req.chat_id) {
        (Some(id), None, None) => ReportSubject::Message { id },
        (None, Some(id), None) => ReportSubject::User { id },
        (None, None, Some(id)) => ReportSubject::Chat { id },
        _ => return Err(Error::invalid("messageId", "or userId or chatId: give one of the three")),
    };
    limits::require(&core.limits, limits::Tier::Report, &reporter.to_string(), 1).await?;
    let (reported_id, evidence) = match subject {
        ReportSubject::Message { id } => of_message(core, reporter, id).await?,
        ReportSubject::User { id } => (Some(id), of_user(core, reporter, id).await?),
        ReportSubject::Chat { id } => (None, of_chat(core, reporter, id).await?),
    };
    if reported_id == Some(reporter) {
        return Err(Error::Conflict("nobody reports themselves".into()));
    }
    let at = core.clock.now();
    let evidence = Some(evidence);
    let complaint = Complaint { reporter_id: reporter, reason: req.reason, note, at, evidence };
    let report = Report {
        id: ReportId(core.ids.uuid()),
        subject,
        reported_id,
        state: ReportState::Open,
        created_at: at,
        complaints: vec![complaint],
        resolution: None,
    };
    Ok(core.store.file_report(&report).await?)
}

fn note_of(note: Option<String>) -> Result<Option<String>> {
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    let mut findings = Findings::default();
    findings.text("note", note.as_deref().unwrap_or_default(), 0, MAX_NOTE_CHARS);
    findings.done()?;
    Ok(note)
}

async fn of_message(
    core: &Core,
    reporter: UserId,
    id: MessageId,
) -> Result<(Option<UserId>, Evidence)> {
    let message = messages::get(core, reporter, id).await?;
    if message.deleted_at.is_some() {
        return Err(Error::Gone("the message was deleted".into()));
    }
    let (sender, chat, seq) = (message.sender_id, message.chat_id, message.seq);
    let around = messages::page(core, reporter, chat, Page::Around(seq), AROUND).await?;
    let mut edits = match message.edited_at {
        Some(_) => messages::history(core, reporter, id).await?,
        None => Vec::new(),
    };
    edits.drain(..edits.len().saturating_sub(MAX_EDITS));
    let user = users::get(core, reporter, sender).await.ok();
    let chat = Some(chat_of(core, chat).await?);
    Ok((Some(sender), Evidence { message: Some(message), edits, around, user, chat }))
}

async fn of_user(core: &Core, reporter: UserId, id: UserId) -> Result<Evidence> {
    Ok(Evidence { user: Some(users::get(core, reporter, id).await?), ..Evidence::default() })
}

async fn of_chat(core: &Core, reporter: UserId, id: ChatId) -> Result<Evidence> {
    let around = messages::page(core, reporter, id, Page::Before(u64::MAX), AROUND).await?;
    Ok(Evidence { around, chat: Some(chat_of(core, id).await?), ..Evidence::default() })
}

async fn chat_of(core: &Core, id: ChatId) -> Result<ReportedChat> {
    let chat = core.store.chat(id).await?.ok_or(Error::NotFound("chat"))?;
    Ok(ReportedChat {
        id,
        r#type: chat.r#type,
        title: chat.title,
        about: chat.about,
        member_count: chat.member_count,
    })
}

/// One page, the last filed first; without evidence.
pub async fn list(
    core: &Core,
    staff: &Staff,
    state: Option<ReportState>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Reports> {
    staff.require(core, Power::SeeReports).await?;
    let before = cursor.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut reports = core.store.reports(state, before, limit + 1).await?;
    let more = reports.len() > limit as usize;
    reports.truncate(limit as usize);
    let next_cursor = reports.last().filter(|_| more).map(|last| cursor::write(&last.id));
    Ok(Reports { reports, next_cursor })
}

pub async fn get(core: &Core, staff: &Staff, id: ReportId) -> Result<Report> {
    staff.require(core, Power::SeeReports).await?;
    core.store.report(id).await?.ok_or(Error::NotFound("report"))
}

/// Does what is to be done, then closes the report. Of two who do so at once the second is told.
pub async fn resolve(
    core: &Core,
    staff: &Staff,
    id: ReportId,
    req: ResolveReport,
) -> Result<Report> {
    staff.require(core, Power::ResolveReports).await?;
    let note = note_of(req.note.clone())?;
    let report = get(core, staff, id).await?;
    if report.state != ReportState::Open {
        return Err(resolved_before());
    }
    let action = req.action;
    // What may be refused comes first: the log tells of no report as closed that is open.
    act(core, staff, &report, req).await?;
    let target = Some(AuditTarget::new(AuditSubject::Report, id.0));
    let detail = json!({ "action": action, "note": note });
    audit::note(core, staff.actor(), AuditAction::ReportResolved, target, detail).await?;
    let resolution = Resolution { action, note, by: staff.user, at: core.clock.now() };
    if !core.store.resolve_report(id, &resolution).await? {
        return Err(resolved_before());
    }
    get(core, staff, id).await
}

fn resolved_before() -> Error {
    Error::Conflict("this report is resolved already".into())
}

async fn act(core: &Core, staff: &Staff, report: &Report, req: ResolveReport) -> Result<()> {
    if req.action == ReportAction::Dismiss {
        return Ok(());
    }
    let nobody = || Error::invalid("action", "needs somebody: nobody in particular is reported");
    let user = report.reported_id.ok_or_else(nobody)?;
    let reason = req.reason.unwrap_or_default();
    match req.action {
        ReportAction::Dismiss => Ok(()),
        ReportAction::Warn => announcements::warn(core, staff, user, &reason).await,
        ReportAction::Ban => {
            bans::ban(core, staff, user, BanUser { reason, until: req.until }).await
        }
        ReportAction::Sweep => {
            let chat = report.complaints.first().and_then(|complaint| {
                complaint.evidence.as_ref()?.chat.as_ref().map(|chat| chat.id)
            });
            crate::sweeps::start_for_report(core, staff, user, chat).await
        }
    }
}
