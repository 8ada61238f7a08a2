//! Keeping somebody out, for a time or for good.
//!
//! A ban ends all sessions and refuses new ones. What the banned had sent and was not committed yet
//! fails when its turn comes, see [`crate::ops::decide`].

use nexus_protocol::{
    AuditAction, AuditTarget, Ban, BanUser, UserId, UserRole, event::RevokeReason,
};
use serde_json::json;

use crate::{
    Core, Error, Result, audit, auth,
    ports::UserRecord,
    staff::{Power, Staff},
    validate::Findings,
};

const MAX_REASON_CHARS: usize = 500;

pub async fn ban(core: &Core, staff: &Staff, user: UserId, req: BanUser) -> Result<()> {
    staff.require(Power::Ban)?;
    let now = core.clock.now();
    let reason = req.reason.trim();
    let mut findings = Findings::default();
    findings.text("reason", reason, 1, MAX_REASON_CHARS);
    if req.until.is_some_and(|until| until <= now) {
        findings.note("until", "is over", None);
    }
    findings.done()?;
    require_below(core, staff, user).await?;
    let ban = Ban { reason: reason.to_owned(), by: staff.user, at: now, until: req.until };
    let detail = json!({ "reason": ban.reason, "until": ban.until });
    let target = Some(AuditTarget::user(user));
    audit::note(core, staff.actor(), AuditAction::UserBanned, target, detail).await?;
    if !core.store.set_ban(user, Some(&ban)).await? {
        return Err(Error::NotFound("user"));
    }
    auth::end_all_sessions(core, user, RevokeReason::Banned).await
}

pub async fn lift(core: &Core, staff: &Staff, user: UserId) -> Result<()> {
    staff.require(Power::Ban)?;
    let record = require_below(core, staff, user).await?;
    if record.ban.is_none() {
        return Err(Error::NotFound("ban"));
    }
    let target = Some(AuditTarget::user(user));
    audit::note(core, staff.actor(), AuditAction::BanLifted, target, json!({})).await?;
    core.store.set_ban(user, None).await?;
    Ok(())
}

/// Moderators keep users out, admins anybody else.
async fn require_below(core: &Core, staff: &Staff, user: UserId) -> Result<UserRecord> {
    let record = core.store.user(user).await?.ok_or(Error::NotFound("user"))?;
    if user == staff.user {
        return Err(Error::Conflict("nobody bans themselves".into()));
    }
    if staff.role < UserRole::Admin && record.role >= staff.role {
        return Err(Error::Forbidden("only an admin may ban one of the staff".into()));
    }
    Ok(record)
}

/// To be asked once the password was right: nobody else is to know.
pub fn refuse_banned(core: &Core, user: &UserRecord) -> Result<()> {
    match &user.ban {
        Some(ban) if ban.holds(core.clock.now()) => Err(Error::Banned(ban.notice())),
        _ => Ok(()),
    }
}
