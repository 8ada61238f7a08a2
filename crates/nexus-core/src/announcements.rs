//! What staff have to say: to everybody, or as a warning to one.

use nexus_protocol::{
    AllAnnouncements, Announcement, AnnouncementId, AnnouncementLevel, AnnouncementRecord,
    AuditAction, AuditSubject, AuditTarget, MAX_CONTENT_CHARS, MAX_PAGE, MakeAnnouncement,
    Timestamp, UserId,
};
use serde_json::json;

use crate::{
    Core, Error, Result, audit, cursor,
    ports::Event,
    staff::{Power, Staff},
    validate::Findings,
};

/// What a user is shown at once; older ones have been there long enough.
const MAX_SHOWN: u32 = 50;

/// Those that hold now.
pub async fn current(core: &Core, user: UserId) -> Result<Vec<Announcement>> {
    let found = core.store.announcements_for(user, core.clock.now(), MAX_SHOWN).await?;
    let ids: Vec<AnnouncementId> = found.iter().map(|one| one.id).collect();
    let dismissed = core.store.dismissed(user, &ids).await?;
    let show = |one: AnnouncementRecord| {
        let dismissed = dismissed.contains(&one.id);
        one.show(dismissed)
    };
    Ok(found.into_iter().map(show).collect())
}

/// Puts one away, on all devices of the user.
pub async fn dismiss(core: &Core, user: UserId, id: AnnouncementId) -> Result<()> {
    let found = core.store.announcement(id).await?;
    let theirs = found.filter(|one| one.to.is_none_or(|to| to == user));
    theirs.ok_or(Error::NotFound("announcement"))?;
    if core.store.dismissed(user, &[id]).await?.is_empty()
        && let Some(change) = core.store.dismiss(user, id, core.clock.now()).await?
    {
        core.bus.publish(vec![Event::Own { user, change }]).await?;
    }
    Ok(())
}

pub async fn make(core: &Core, staff: &Staff, req: MakeAnnouncement) -> Result<AnnouncementRecord> {
    staff.require(Power::Announce)?;
    let now = core.clock.now();
    let mut findings = Findings::default();
    findings.text("content", req.content.trim(), 1, MAX_CONTENT_CHARS);
    if req.until.is_some_and(|until| until <= now) {
        findings.note("until", "is over", None);
    }
    findings.done()?;
    let new = record(core, staff, req.content.trim(), req.level, None, req.until);
    publish(core, staff, new).await
}

/// To one user, who is shown it like an announcement.
pub async fn warn(core: &Core, staff: &Staff, user: UserId, reason: &str) -> Result<()> {
    let mut findings = Findings::default();
    findings.text("reason", reason.trim(), 1, MAX_CONTENT_CHARS);
    findings.done()?;
    let level = AnnouncementLevel::Warning;
    publish(core, staff, record(core, staff, reason.trim(), level, Some(user), None)).await?;
    Ok(())
}

fn record(
    core: &Core,
    staff: &Staff,
    content: &str,
    level: AnnouncementLevel,
    to: Option<UserId>,
    until: Option<Timestamp>,
) -> AnnouncementRecord {
    AnnouncementRecord {
        id: AnnouncementId(core.ids.uuid()),
        content: content.to_owned(),
        level,
        by: staff.user,
        to,
        created_at: core.clock.now(),
        until,
        withdrawn_at: None,
    }
}

async fn publish(
    core: &Core,
    staff: &Staff,
    new: AnnouncementRecord,
) -> Result<AnnouncementRecord> {
    let target = Some(AuditTarget::new(AuditSubject::Announcement, new.id.0));
    let detail = json!({
        "content": new.content, "level": new.level, "to": new.to, "until": new.until
    });
    audit::note(core, staff.actor(), AuditAction::AnnouncementMade, target, detail).await?;
    core.store.add_announcement(&new).await?;
    core.bus.publish(vec![Event::Announced(new.clone())]).await?;
    Ok(new)
}

/// One page, those withdrawn or over included.
pub async fn list(
    core: &Core,
    staff: &Staff,
    cursor: Option<&str>,
    limit: u32,
) -> Result<AllAnnouncements> {
    staff.require(Power::Announce)?;
    let before = cursor.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut announcements = core.store.announcements(before, limit + 1).await?;
    let more = announcements.len() > limit as usize;
    announcements.truncate(limit as usize);
    let next_cursor = announcements.last().filter(|_| more).map(|last| cursor::write(&last.id));
    Ok(AllAnnouncements { announcements, next_cursor })
}

pub async fn withdraw(core: &Core, staff: &Staff, id: AnnouncementId) -> Result<()> {
    staff.require(Power::Announce)?;
    let known = core.store.announcement(id).await?.filter(|one| one.withdrawn_at.is_none());
    known.ok_or(Error::NotFound("announcement"))?;
    let target = Some(AuditTarget::new(AuditSubject::Announcement, id.0));
    let action = AuditAction::AnnouncementWithdrawn;
    audit::note(core, staff.actor(), action, target, json!({})).await?;
    if let Some(withdrawn) = core.store.withdraw_announcement(id, core.clock.now()).await? {
        core.bus.publish(vec![Event::Announced(withdrawn)]).await?;
    }
    Ok(())
}
