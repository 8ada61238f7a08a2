//! Signed-in devices: listing and ending them.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use nexus_protocol::{Session, SessionId, Timestamp, UserId, event::RevokeReason};
use parking_lot::Mutex;

use crate::{
    Core, Error, Result,
    auth::Caller,
    jobs::{self, Job, JobError, JobKey},
    passwords::PasswordMark,
    ports::Event,
};

/// Together longer than a failover takes.
const TRIES_TO_TELL: u32 = 30;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);
/// The end of a session is known everywhere long before this.
const NEWS: Duration = Duration::from_secs(60);
/// From where somebody was not signed in to for so long, the account is unfamiliar again.
const PLACES_KEPT: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// Sessions that ended while an access token of theirs may still be valid.
#[derive(Default)]
pub struct Revoked(Mutex<HashMap<SessionId, Timestamp>>);

impl Revoked {
    pub fn contains(&self, session: SessionId) -> bool {
        self.0.lock().contains_key(&session)
    }

    pub fn insert(&self, session: SessionId, at: Timestamp) {
        self.0.lock().insert(session, at);
    }

    fn forget_before(&self, before: Timestamp) {
        self.0.lock().retain(|_, at| *at >= before);
    }
}

pub async fn list(core: &Core, caller: Caller) -> Result<Vec<Session>> {
    let records = core.store.sessions_of(caller.user, core.clock.now()).await?;
    let show = |record: crate::ports::SessionRecord| Session {
        id: record.id,
        device: record.device,
        address: record.address,
        created_at: record.created_at,
        last_used_at: record.last_used_at,
        current: record.id == caller.session,
    };
    Ok(records.into_iter().map(show).collect())
}

pub async fn revoke(core: &Core, caller: Caller, session: SessionId) -> Result<()> {
    if !core.store.revoke_session(caller.user, session, core.clock.now()).await? {
        return Err(Error::NotFound("session"));
    }
    let reason =
        if session == caller.session { RevokeReason::Logout } else { RevokeReason::Revoked };
    announce_end(core, session, reason).await
}

/// Here at once, on the other nodes by the bus.
pub(crate) async fn announce_end(
    core: &Core,
    session: SessionId,
    reason: RevokeReason,
) -> Result<()> {
    announce_ends(core, vec![session], reason).await
}

/// Repeated until the bus has taken it: who asks again finds these ended, and would tell nobody.
pub(crate) async fn announce_ends(
    core: &Core,
    sessions: Vec<SessionId>,
    reason: RevokeReason,
) -> Result<()> {
    let now = core.clock.now();
    sessions.iter().for_each(|session| core.revoked.insert(*session, now));
    let events: Vec<Event> =
        sessions.into_iter().map(|session| Event::SessionRevoked { session, reason }).collect();
    let mut tries = 0;
    loop {
        match core.bus.publish(events.clone()).await {
            Ok(()) => return Ok(()),
            Err(err) if tries >= TRIES_TO_TELL => return Err(err.into()),
            Err(_) => tries += 1,
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
}

/// To be called before a password is stored, by its mark, or all sessions are ended: whoever does so
/// may die before they have ended.
pub(crate) async fn make_sure_they_end(
    core: &Core,
    user: UserId,
    spared: Option<SessionId>,
    password: Option<PasswordMark>,
) -> Result<()> {
    let at = core.clock.now();
    let job = Job::EndSessions { user, spared, password, at };
    jobs::push(core, &job, JobKey::unique(core), at.plus(jobs::SETTLING)).await?;
    Ok(())
}

/// Carries a [`Job::EndSessions`] out. Who has signed in since then has the new password.
pub(crate) async fn end_older(
    core: &Core,
    user: UserId,
    spared: Option<SessionId>,
    password: Option<PasswordMark>,
    at: Timestamp,
) -> Result<(), JobError> {
    if let Some(password) = password {
        let hash = core.store.password_hash(user).await?;
        if hash.is_none_or(|hash| PasswordMark::of(&hash) != password) {
            return jobs::not_yet(core, at);
        }
    }
    let now = core.clock.now();
    let mut ended = Vec::new();
    for session in core.store.sessions_of(user, now).await? {
        let is_older = session.created_at <= at && Some(session.id) != spared;
        if is_older && core.store.revoke_session(user, session.id, now).await? {
            ended.push(session.id);
        }
    }
    Ok(announce_ends(core, ended, RevokeReason::PasswordChanged).await?)
}

/// What ended of late, whether or not there was news of it: whoever ended it may have died before
/// saying so.
pub async fn learn_of_ends(core: &Core) -> Result<HashSet<SessionId>> {
    let now = core.clock.now();
    let ended = core.store.revoked_since(now.minus(NEWS)).await?;
    ended.iter().for_each(|session| core.revoked.insert(*session, now));
    Ok(ended.into_iter().collect())
}

/// What a node must know before it lets anybody in, and look at again when the bus lost events.
pub async fn load_revoked(core: &Core) -> Result<()> {
    let now = core.clock.now();
    for session in core.store.revoked_since(now.minus(still_valid(core))).await? {
        core.revoked.insert(session, now);
    }
    Ok(())
}

/// Frees this process of what no longer matters. Run it now and then.
pub fn forget_old(core: &Core) {
    core.revoked.forget_before(core.clock.now().minus(still_valid(core)));
}

/// Frees the store of what no longer matters. Run it now and then.
pub async fn prune(core: &Core) -> Result<()> {
    let now = core.clock.now();
    core.store.prune_places(now.minus(PLACES_KEPT)).await?;
    core.store.prune_step_ups(now).await?;
    core.store.prune_ceremonies(now).await?;
    Ok(core.store.prune_sessions(now.minus(core.retention.sessions)).await?)
}

/// How long after a revocation an access token may still be unexpired.
fn still_valid(core: &Core) -> Duration {
    core.auth.access_ttl + Duration::from_secs(60)
}
