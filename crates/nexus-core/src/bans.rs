//! Keeping somebody out, for a time or for good.
//!
//! A ban ends all sessions and refuses new ones. What the banned had sent and was not committed yet
//! fails when its turn comes, see [`crate::ops::decide`].

use nexus_protocol::{
    AuditAction, AuditTarget, Ban, BanUser, Timestamp, UserId, UserRole, event::RevokeReason,
};
use serde_json::json;

use crate::{
    Core, Error, Result, auth, fault,
    jobs::{self, Job, JobError, JobKey},
    letters,
    mail::Letter,
    ports::UserRecord,
    staff::{self, Order, Power, Staff},
    validate::Findings,
};

const MAX_REASON_CHARS: usize = 500;

pub async fn ban(core: &Core, staff: &Staff, user: UserId, req: BanUser) -> Result<()> {
    staff.require(core, Power::Ban).await?;
    let order = Order::of(core, staff);
    check(&req, order.at)?;
    let role = require_below(core, staff, user).await?;
    let job = Job::EnforceBan { user, at: Some(order.at) };
    jobs::push(core, &job, JobKey::unique(core), order.at.plus(jobs::SETTLING)).await?;
    keep_out(&order, user, req).await?;
    fault("ban.stored");
    // Two may ban each other at once.
    if role == UserRole::Admin && !staff::has_admin(order.store, order.at).await? {
        let_in(&order, user).await?;
        return Err(staff::nobody_left());
    }
    enforce(core, user).await.map(|_| ())
}

/// By `nexus admin`: a server that runs shows them out a moment later.
pub async fn ban_by_operator(order: &Order<'_>, name: &str, req: BanUser) -> Result<()> {
    check(&req, order.at)?;
    let user = staff::named(order.store, name).await?;
    jobs::push_from_outside(order, &Job::EnforceBan { user, at: Some(order.at) }).await?;
    keep_out(order, user, req).await
}

pub(crate) fn check(req: &BanUser, now: Timestamp) -> Result<()> {
    let mut findings = Findings::default();
    findings.text("reason", req.reason.trim(), 1, MAX_REASON_CHARS);
    if req.until.is_some_and(|until| until <= now) {
        findings.note("until", "is over", None);
    }
    findings.done()
}

pub(crate) async fn keep_out(order: &Order<'_>, user: UserId, req: BanUser) -> Result<()> {
    let (reason, by) = (req.reason.trim().to_owned(), order.actor.user());
    let ban = Ban { reason, by, at: order.at, until: req.until };
    let detail = json!({ "reason": ban.reason, "until": ban.until });
    order.note(AuditAction::UserBanned, AuditTarget::user(user), detail).await?;
    match order.store.set_ban(user, Some(&ban)).await? {
        true => Ok(()),
        false => Err(Error::NotFound("user")),
    }
}

/// Carries a [`Job::EnforceBan`] out, which is there before the ban is.
pub(crate) async fn make_sure(
    core: &Core,
    user: UserId,
    at: Option<Timestamp>,
) -> Result<(), JobError> {
    let enforced = enforce(core, user).await?;
    match at {
        Some(at) if enforced.is_none_or(|enforced| enforced < at) => jobs::not_yet(core, at),
        _ => Ok(()),
    }
}

/// Closes what the banned have open, and tells them why, once. Answers since when they are banned.
pub(crate) async fn enforce(core: &Core, user: UserId) -> Result<Option<Timestamp>> {
    let banned = core.store.user(user).await?.and_then(|user| user.ban);
    let Some(ban) = banned.filter(|ban| ban.holds(core.clock.now())) else { return Ok(None) };
    auth::end_all_sessions(core, user, RevokeReason::Banned).await?;
    let letter = Letter::Banned { reason: Some(ban.reason), until: ban.until };
    let key = JobKey::of(format!("banned:{user}:{}", ban.at.0));
    letters::tell_once(core, key, user, letter).await?;
    Ok(Some(ban.at))
}

pub async fn lift(core: &Core, staff: &Staff, user: UserId) -> Result<()> {
    staff.require(core, Power::Ban).await?;
    require_below(core, staff, user).await?;
    let_in(&Order::of(core, staff), user).await
}

pub async fn lift_by_operator(order: &Order<'_>, name: &str) -> Result<()> {
    let_in(order, staff::named(order.store, name).await?).await
}

async fn let_in(order: &Order<'_>, user: UserId) -> Result<()> {
    let ban = order.store.user(user).await?.and_then(|user| user.ban);
    ban.ok_or(Error::NotFound("ban"))?;
    order.note(AuditAction::BanLifted, AuditTarget::user(user), json!({})).await?;
    order.store.set_ban(user, None).await?;
    Ok(())
}

/// Moderators keep users out, admins anybody else.
pub(crate) async fn require_below(core: &Core, staff: &Staff, user: UserId) -> Result<UserRole> {
    let record = core.store.user(user).await?.ok_or(Error::NotFound("user"))?;
    if user == staff.user {
        return Err(Error::Conflict("nobody bans themselves".into()));
    }
    if staff.role < UserRole::Admin && record.role >= staff.role {
        return Err(Error::Forbidden("only an admin may ban one of the staff".into()));
    }
    Ok(record.role)
}

/// To be asked once the password was right: nobody else is to know.
pub fn refuse_banned(core: &Core, user: &UserRecord) -> Result<()> {
    match &user.ban {
        Some(ban) if ban.holds(core.clock.now()) => Err(Error::Banned(ban.notice())),
        _ => Ok(()),
    }
}
