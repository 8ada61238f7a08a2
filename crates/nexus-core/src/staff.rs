//! Moderators and admins: who they are and what they may do.

use nexus_protocol::{
    AuditAction, AuditActor, AuditTarget, SessionId, Timestamp, UserId, UserRole,
};
use serde_json::json;

use crate::{
    Core, Error, Result, audit,
    auth::Caller,
    ports::{Event, Store},
};

/// What staff can do; each route under `/admin` takes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Power {
    SeeAccounts,
    ChangeRoles,
    Ban,
    ReadAudit,
    SeeReports,
    ResolveReports,
    Sweep,
    Announce,
    SeeQueues,
    SeeDeadLetters,
    ChangeDeadLetters,
    SeeStats,
}

/// The one table of who may do what: the least role for each.
pub const POWERS: &[(Power, UserRole)] = &[
    (Power::SeeAccounts, UserRole::Moderator),
    (Power::ChangeRoles, UserRole::Admin),
    (Power::Ban, UserRole::Moderator),
    (Power::ReadAudit, UserRole::Admin),
    (Power::SeeReports, UserRole::Moderator),
    (Power::ResolveReports, UserRole::Moderator),
    (Power::Sweep, UserRole::Moderator),
    (Power::Announce, UserRole::Admin),
    (Power::SeeQueues, UserRole::Admin),
    (Power::SeeDeadLetters, UserRole::Admin),
    (Power::ChangeDeadLetters, UserRole::Admin),
    (Power::SeeStats, UserRole::Moderator),
];

impl Power {
    /// What nobody has thought of is for admins.
    pub fn least(self) -> UserRole {
        let found = POWERS.iter().find(|(power, _)| *power == self);
        found.map_or(UserRole::Admin, |(_, least)| *least)
    }
}

/// A moderator or an admin. Nobody else learns that there is anything to ask.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    pub user: UserId,
    pub session: SessionId,
    pub role: UserRole,
}

impl Staff {
    /// By the role as it is now, not as it was when the token was made.
    pub async fn of(core: &Core, caller: Caller) -> Result<Staff> {
        let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
        if user.role < UserRole::Moderator || user.is_banned(core.clock.now()) {
            return Err(Error::NotFound("address"));
        }
        Ok(Staff { user: caller.user, session: caller.session, role: user.role })
    }

    pub fn require(&self, power: Power) -> Result<()> {
        if self.role < power.least() {
            return Err(Error::Forbidden("only an admin may do this".into()));
        }
        Ok(())
    }

    pub fn actor(&self) -> AuditActor {
        AuditActor::User { id: self.user }
    }
}

/// Their own role stays, so that there is always an admin left.
pub async fn change_role(core: &Core, staff: &Staff, user: UserId, role: UserRole) -> Result<()> {
    staff.require(Power::ChangeRoles)?;
    if user == staff.user {
        return Err(Error::Conflict("nobody changes their own role".into()));
    }
    let change = set_role(&*core.store, staff.actor(), user, role, core.clock.now()).await?;
    if let Some(change) = change {
        core.bus.publish(vec![Event::Own { user, change }]).await?;
    }
    Ok(())
}

/// For the command line, which makes the first admin: by user name or e-mail address.
pub async fn appoint(store: &dyn Store, name: &str, role: UserRole, at: Timestamp) -> Result<()> {
    let known = store.credentials(&name.trim().to_lowercase()).await?;
    let user = known.ok_or(Error::NotFound("user"))?.user_id;
    set_role(store, AuditActor::Operator, user, role, at).await.map(|_| ())
}

/// `None` when it is the user's role already.
async fn set_role(
    store: &dyn Store,
    actor: AuditActor,
    user: UserId,
    role: UserRole,
    at: Timestamp,
) -> Result<Option<nexus_protocol::UserChange>> {
    let before = store.user(user).await?.ok_or(Error::NotFound("user"))?.role;
    if before == role {
        return Ok(None);
    }
    let (action, target) = (AuditAction::RoleChanged, Some(AuditTarget::user(user)));
    let detail = json!({ "from": before, "to": role });
    audit::note_in(store, at, actor, action, target, detail).await?;
    let changed = store.set_role(user, role, at).await?;
    let (_, change) = changed.ok_or(Error::NotFound("user"))?;
    Ok(Some(change))
}
