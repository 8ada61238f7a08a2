//! Signed-in devices: listing and ending them.

use std::{collections::HashMap, time::Duration};

use nexus_protocol::{Session, SessionId, Timestamp, event::RevokeReason};
use parking_lot::Mutex;

use crate::{Core, Error, Result, auth::Caller, ports::Event};

/// Together longer than a failover takes.
const TRIES_TO_TELL: u32 = 30;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);
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
