//! Who is there, and when they were last.

use nexus_protocol::{
    UserId,
    event::{PresenceStatus, PresenceUpdate, PresenceWish},
};
use uuid::Uuid;

use crate::{
    Core, Error, Result,
    ports::{Event, Shown, Transition},
    privacy::Sight,
};

/// Most people one connection may watch.
pub const MAX_WATCHED: usize = 200;

/// Who of them may be watched by the viewer.
pub async fn sight(core: &Core, viewer: UserId, users: &[UserId]) -> Result<Sight> {
    if users.len() > MAX_WATCHED {
        return Err(Error::Malformed(format!("watch at most {MAX_WATCHED} people")));
    }
    Sight::of(core, viewer, users.iter().copied()).await
}

/// The present state of those asked for; strangers to the server, and whoever doesn't let the viewer
/// see it, are simply offline.
pub async fn look(core: &Core, sight: &Sight, users: &[UserId]) -> Result<Vec<PresenceUpdate>> {
    let statuses = core.presence.get(users).await?;
    let records = core.store.users(users).await?;
    let last_seen = |user: UserId| {
        let record = records.iter().find(|record| record.id == user)?;
        record.last_seen_at.filter(|_| record.deletion.is_none())
    };
    let update = |(user, status): (&UserId, PresenceStatus)| match sight.sees_presence(*user) {
        true => PresenceUpdate { user_id: *user, status, last_seen_at: last_seen(*user) },
        false => {
            PresenceUpdate { user_id: *user, status: PresenceStatus::Offline, last_seen_at: None }
        }
    };
    Ok(users.iter().zip(statuses).map(update).collect())
}

/// A connection came, or says how its user wants to be seen.
pub async fn set(core: &Core, user: UserId, connection: Uuid, wish: PresenceWish) -> Result<()> {
    let shown = match wish {
        PresenceWish::Online => Shown::Online,
        PresenceWish::Away => Shown::Away,
        PresenceWish::Invisible => Shown::Invisible,
    };
    let moved = core.presence.set(user, connection, shown).await?;
    announce(core, user, moved).await
}

pub async fn leave(core: &Core, user: UserId, connection: Uuid) -> Result<()> {
    let moved = core.presence.clear(user, connection).await?;
    announce(core, user, moved).await
}

/// Tells of those whose connections were not heard of. Run it every few seconds.
pub async fn expire(core: &Core) -> Result<()> {
    for user in core.presence.expire().await? {
        let gone = Transition { before: PresenceStatus::Online, after: PresenceStatus::Offline };
        announce(core, user, gone).await?;
    }
    Ok(())
}

async fn announce(core: &Core, user: UserId, moved: Transition) -> Result<()> {
    if moved.before == moved.after {
        return Ok(());
    }
    let mut last_seen_at = None;
    if moved.after == PresenceStatus::Offline {
        let now = core.clock.now();
        core.store.set_last_seen(user, now).await?;
        last_seen_at = Some(now);
    }
    let update = PresenceUpdate { user_id: user, status: moved.after, last_seen_at };
    Ok(core.bus.publish(vec![Event::Presence(update)]).await?)
}
