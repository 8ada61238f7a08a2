//! What staff have to say: to everybody, or as a warning to one.

use nexus_protocol::{
    AllAnnouncements, Announcement, AnnouncementId, AnnouncementLevel, AnnouncementRecord,
    AuditAction, AuditSubject, AuditTarget, MAX_CONTENT_CHARS, MAX_PAGE, MakeAnnouncement,
    Timestamp, UserId,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Core, Error, Result, cursor,
    jobs::{self, Job},
    ports::Event,
    staff::{Order, Power, Staff},
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
    staff.require(core, Power::Announce).await?;
    let order = Order::of(core, staff);
    check(&req, order.at)?;
    let made = keep(&order, order.ids.uuid(), req, None).await?;
    core.bus.publish(vec![Event::Announced(made.clone())]).await?;
    Ok(made)
}

/// By `nexus admin`: a server that runs tells whoever is connected a moment later.
pub async fn make_by_operator(
    order: &Order<'_>,
    req: MakeAnnouncement,
) -> Result<AnnouncementRecord> {
    check(&req, order.at)?;
    let made = keep(order, order.ids.uuid(), req, None).await?;
    jobs::push_from_outside(order, &Job::Announce { id: made.id }).await?;
    Ok(made)
}

pub(crate) fn check_warning(reason: &str) -> Result<()> {
    let mut findings = Findings::default();
    findings.text("reason", reason.trim(), 1, MAX_CONTENT_CHARS);
    findings.done()
}

/// To one user, who is shown it like an announcement; again does nothing more.
pub(crate) async fn warn(
    core: &Core,
    order: &Order<'_>,
    id: AnnouncementId,
    user: UserId,
    reason: &str,
) -> Result<()> {
    if order.store.announcement(id).await?.is_none() {
        let (content, level) = (reason.to_owned(), AnnouncementLevel::Warning);
        let warning = MakeAnnouncement { content, level, until: None };
        keep(order, id.0, warning, Some(user)).await?;
    }
    tell(core, id).await
}

fn check(req: &MakeAnnouncement, now: Timestamp) -> Result<()> {
    let mut findings = Findings::default();
    findings.text("content", req.content.trim(), 1, MAX_CONTENT_CHARS);
    if req.until.is_some_and(|until| until <= now) {
        findings.note("until", "is over", None);
    }
    findings.done()
}

async fn keep(
    order: &Order<'_>,
    id: Uuid,
    req: MakeAnnouncement,
    to: Option<UserId>,
) -> Result<AnnouncementRecord> {
    let new = AnnouncementRecord {
        id: AnnouncementId(id),
        content: req.content.trim().to_owned(),
        level: req.level,
        by: order.actor.user(),
        to,
        created_at: order.at,
        until: req.until,
        withdrawn_at: None,
    };
    let detail = json!({
        "content": new.content, "level": new.level, "to": new.to, "until": new.until
    });
    order.note(AuditAction::AnnouncementMade, target(new.id), detail).await?;
    order.store.add_announcement(&new).await?;
    Ok(new)
}

fn target(id: AnnouncementId) -> AuditTarget {
    AuditTarget::new(AuditSubject::Announcement, id.0)
}

/// Carries a [`Job::Announce`] out.
pub(crate) async fn tell(core: &Core, id: AnnouncementId) -> Result<()> {
    let known = core.store.announcement(id).await?;
    Ok(core.bus.publish(known.map(Event::Announced).into_iter().collect()).await?)
}

/// One page, those withdrawn or over included.
pub async fn list(
    core: &Core,
    staff: &Staff,
    cursor: Option<&str>,
    limit: u32,
) -> Result<AllAnnouncements> {
    staff.require(core, Power::SeeAnnouncements).await?;
    let before = cursor.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut announcements = core.store.announcements(before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut announcements, limit, |last| cursor::write(&last.id));
    Ok(AllAnnouncements { announcements, next_cursor })
}

pub async fn withdraw(core: &Core, staff: &Staff, id: AnnouncementId) -> Result<()> {
    staff.require(core, Power::Announce).await?;
    let withdrawn = take_back(&Order::of(core, staff), id).await?;
    Ok(core.bus.publish(vec![Event::Announced(withdrawn)]).await?)
}

pub async fn withdraw_by_operator(order: &Order<'_>, id: AnnouncementId) -> Result<()> {
    take_back(order, id).await?;
    jobs::push_from_outside(order, &Job::Announce { id }).await
}

async fn take_back(order: &Order<'_>, id: AnnouncementId) -> Result<AnnouncementRecord> {
    let known = order.store.announcement(id).await?.filter(|one| one.withdrawn_at.is_none());
    known.ok_or(Error::NotFound("announcement"))?;
    order.note(AuditAction::AnnouncementWithdrawn, target(id), json!({})).await?;
    let withdrawn = order.store.withdraw_announcement(id, order.at).await?;
    withdrawn.ok_or(Error::NotFound("announcement"))
}
