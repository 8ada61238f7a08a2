//! Reports: what users tell staff, and what staff make of it.
//!
//! Each complaint carries what its reporter saw at that moment, so that nothing is lost by a later
//! edit or deletion, and nothing is shown to staff that the reporter could not see.

mod verdict;

use nexus_protocol::{
    AuditAction, AuditSubject, AuditTarget, ChatId, Complaint, Evidence, FileReport, MAX_PAGE,
    MessageId, Report, ReportId, ReportState, ReportSubject, ReportedChat, Reports, UserId,
    UserRole,
};
use serde_json::json;

pub(crate) use self::verdict::carry_out;
pub use self::verdict::{Verdict, resolve, resolve_by_operator};
use crate::{
    Core, Error, Result, audit, cursor, limits, messages,
    ports::Page,
    staff::{Order, Power, Staff},
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

/// One page, the last filed first; without evidence, and without those that others must look into.
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
    let next_cursor = cursor::cut(&mut reports, limit, |last| cursor::write(&last.id));
    Ok(Reports { reports: shown_to(core, staff, reports).await?, next_cursor })
}

pub async fn get(core: &Core, staff: &Staff, id: ReportId) -> Result<Report> {
    staff.require(core, Power::SeeReports).await?;
    let report = find(core, staff, id).await?;
    note_reader(&Order::of(core, staff), id).await?;
    Ok(report)
}

/// By `nexus admin`.
pub async fn get_by_operator(order: &Order<'_>, id: ReportId) -> Result<Report> {
    let report = order.store.report(id).await?.ok_or(Error::NotFound("report"))?;
    note_reader(order, id).await?;
    Ok(report)
}

async fn find(core: &Core, staff: &Staff, id: ReportId) -> Result<Report> {
    let report = core.store.report(id).await?.into_iter().collect();
    shown_to(core, staff, report).await?.pop().ok_or(Error::NotFound("report"))
}

/// Of what is said about one of the staff, themselves included, only admins learn.
async fn shown_to(core: &Core, staff: &Staff, mut reports: Vec<Report>) -> Result<Vec<Report>> {
    if staff.role >= UserRole::Admin {
        return Ok(reports);
    }
    let reported: Vec<UserId> = reports.iter().filter_map(|report| report.reported_id).collect();
    let mut above = core.store.users(&reported).await?;
    above.retain(|user| user.role >= staff.role);
    reports.retain(|report| above.iter().all(|user| report.reported_id != Some(user.id)));
    Ok(reports)
}

/// Once is enough: what was seen is seen.
async fn note_reader(order: &Order<'_>, id: ReportId) -> Result<()> {
    let (action, target) = (AuditAction::ReportRead, target(id));
    match audit::is_noted(order.store, Some(order.actor), action, target).await? {
        true => Ok(()),
        false => order.note(action, target, json!({})).await,
    }
}

fn target(id: ReportId) -> AuditTarget {
    AuditTarget::new(AuditSubject::Report, id.0)
}
