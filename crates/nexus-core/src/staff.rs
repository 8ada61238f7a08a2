//! Moderators and admins: who they are and what they may do.

use nexus_protocol::{
    AuditAction, AuditActor, AuditTarget, SessionId, Timestamp, UserId, UserRole,
};
use serde_json::json;

use crate::{
    Core, Error, Result, audit,
    auth::Caller,
    ports::{AccountFilter, Event, Ids, Store},
    step_up,
};

/// How many accounts are read at a time.
const PAGE: u32 = 50;

/// What staff can do; each route under `/admin` takes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Power {
    SeeAccounts,
    ChangeRoles,
    Ban,
    ReadAudit,
    ExportAudit,
    SeeReports,
    ResolveReports,
    Sweep,
    SeeSweeps,
    Announce,
    SeeAnnouncements,
    SeeQueues,
    SeeDeadLetters,
    ChangeDeadLetters,
    SeeStats,
}

/// What the session of whoever uses a power must have shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// That it is signed in.
    SignedIn,
    /// And a step-up some minutes ago: a device left alone does no harm.
    SteppedUp,
}

/// The one table of who may do what: the least role for each, and what its session must have shown.
pub const POWERS: &[(Power, UserRole, Proof)] = &[
    (Power::SeeAccounts, UserRole::Moderator, Proof::SignedIn),
    (Power::ChangeRoles, UserRole::Admin, Proof::SteppedUp),
    (Power::Ban, UserRole::Moderator, Proof::SteppedUp),
    (Power::ReadAudit, UserRole::Admin, Proof::SignedIn),
    (Power::ExportAudit, UserRole::Admin, Proof::SteppedUp),
    (Power::SeeReports, UserRole::Moderator, Proof::SignedIn),
    // What is done about them may take another power.
    (Power::ResolveReports, UserRole::Moderator, Proof::SignedIn),
    (Power::Sweep, UserRole::Moderator, Proof::SteppedUp),
    (Power::SeeSweeps, UserRole::Moderator, Proof::SignedIn),
    (Power::Announce, UserRole::Admin, Proof::SteppedUp),
    (Power::SeeAnnouncements, UserRole::Admin, Proof::SignedIn),
    (Power::SeeQueues, UserRole::Admin, Proof::SignedIn),
    (Power::SeeDeadLetters, UserRole::Admin, Proof::SignedIn),
    (Power::ChangeDeadLetters, UserRole::Admin, Proof::SignedIn),
    (Power::SeeStats, UserRole::Moderator, Proof::SignedIn),
];

impl Power {
    /// What nobody has thought of is for admins.
    pub fn least(self) -> UserRole {
        self.row().map_or(UserRole::Admin, |(_, least, _)| *least)
    }

    pub fn takes_step_up(self) -> bool {
        self.row().is_none_or(|(_, _, proof)| *proof == Proof::SteppedUp)
    }

    fn row(self) -> Option<&'static (Power, UserRole, Proof)> {
        POWERS.iter().find(|(power, ..)| *power == self)
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

    pub async fn require(&self, core: &Core, power: Power) -> Result<()> {
        if self.role < power.least() {
            return Err(Error::Forbidden("only an admin may do this".into()));
        }
        match power.takes_step_up() {
            true => step_up::require_recent(core, self.session).await,
            false => Ok(()),
        }
    }

    pub fn actor(&self) -> AuditActor {
        AuditActor::User { id: self.user }
    }
}

/// Something to be done by one of the staff, or by an operator, who has a store and no node.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub store: &'a dyn Store,
    pub ids: &'a dyn Ids,
    pub at: Timestamp,
    pub actor: AuditActor,
}

impl<'a> Order<'a> {
    pub fn of_operator(store: &'a dyn Store, ids: &'a dyn Ids, at: Timestamp) -> Order<'a> {
        Order { store, ids, at, actor: AuditActor::Operator }
    }

    pub(crate) fn of(core: &'a Core, staff: &Staff) -> Order<'a> {
        Order { store: &*core.store, ids: &*core.ids, at: core.clock.now(), actor: staff.actor() }
    }

    /// Into the audit log, before it is done.
    pub(crate) async fn note(
        &self,
        action: AuditAction,
        target: AuditTarget,
        detail: serde_json::Value,
    ) -> Result<()> {
        audit::note_in(self.store, self.at, self.actor, action, Some(target), detail).await
    }
}

/// Whom an operator means: by user name or e-mail address.
pub async fn named(store: &dyn Store, name: &str) -> Result<UserId> {
    let known = store.credentials(&name.trim().to_lowercase()).await?;
    Ok(known.ok_or(Error::NotFound("user"))?.user_id)
}

/// Their own role stays, so that there is always an admin left.
pub async fn change_role(core: &Core, staff: &Staff, user: UserId, role: UserRole) -> Result<()> {
    staff.require(core, Power::ChangeRoles).await?;
    if user == staff.user {
        return Err(Error::Conflict("nobody changes their own role".into()));
    }
    let (store, actor, now) = (&*core.store, staff.actor(), core.clock.now());
    let change = set_role(store, actor, user, role, now).await?;
    let mut changes: Vec<Event> =
        change.into_iter().map(|change| Event::Own { user, change }).collect();
    // Two may take each other's role at once.
    let is_over = role < UserRole::Admin && !changes.is_empty() && !has_admin(store, now).await?;
    if is_over {
        let back = set_role(store, actor, user, UserRole::Admin, now).await?;
        changes.extend(back.map(|change| Event::Own { user, change }));
    }
    core.bus.publish(changes).await?;
    match is_over {
        true => Err(nobody_left()),
        false => Ok(()),
    }
}

/// Somebody who can come in.
pub(crate) async fn has_admin(store: &dyn Store, now: Timestamp) -> Result<bool> {
    let filter = AccountFilter { role: Some(UserRole::Admin), ..AccountFilter::default() };
    let mut after: Option<String> = None;
    loop {
        let page = store.accounts(&filter, after.as_deref(), PAGE).await?;
        if page.iter().any(|admin| !admin.is_banned(now)) {
            return Ok(true);
        }
        let Some(last) = page.last() else { return Ok(false) };
        after = Some(last.username.clone());
    }
}

pub(crate) fn nobody_left() -> Error {
    Error::Conflict("no admin would be left".into())
}

/// For the command line, which makes the first admin: by user name or e-mail address.
pub async fn appoint(store: &dyn Store, name: &str, role: UserRole, at: Timestamp) -> Result<()> {
    let user = named(store, name).await?;
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
