//! User names that change: a former one leads to its user until others may have it.

use std::{collections::HashSet, time::Duration};

use nexus_protocol::{AuditAction, AuditActor, AuditTarget, ChatId, MAX_PAGE, UserChange, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Core, Error, Result, audit, bonds, chats, limits,
    ports::{ChatView, Credentials, Event, NameQuota, Renaming, UserRecord},
    validate::{self, Findings},
};

const PERIOD: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Chats that hear of a new name at once; in others it is seen at the next look.
const MOST_TOLD: usize = 500;

/// Whose name it is, or was until lately.
pub async fn user_called(core: &Core, name: &str) -> Result<Option<UserRecord>> {
    match core.store.user_named(name).await? {
        Some(user) => Ok(Some(user)),
        None => Ok(core.store.user_formerly(name, core.clock.now()).await?),
    }
}

/// By e-mail address, or user name as above. The same is looked up whatever is found: how long it
/// takes tells nobody whether there is an account.
pub async fn credentials(core: &Core, identifier: &str) -> Result<Option<Credentials>> {
    let known = core.store.credentials(identifier).await?;
    let former = core.store.user_formerly(identifier, core.clock.now()).await?;
    let user_id = former.map_or(UserId(Uuid::nil()), |user| user.id);
    let hash = core.store.password_hash(user_id).await?;
    Ok(known.or(hash.map(|password_hash| Credentials { user_id, password_hash })))
}

pub async fn change(core: &Core, user: UserId, name: &str) -> Result<UserRecord> {
    let mut findings = Findings::default();
    let name = validate::username(&mut findings, name);
    findings.done()?;
    let quota = NameQuota { most: core.auth.username_changes, per: PERIOD };
    match core.store.rename(user, &name, quota, core.clock.now()).await? {
        Some(Renaming::Renamed(record, None)) => Ok(*record),
        Some(Renaming::Renamed(record, Some(change))) => {
            let target = Some(AuditTarget::user(user));
            let actor = AuditActor::User { id: user };
            audit::note(core, actor, AuditAction::UsernameChanged, target, json!({ "to": name }))
                .await?;
            tell(core, user, change).await?;
            Ok(*record)
        }
        Some(Renaming::Taken) => Err(Error::taken("username", "is taken")),
        Some(Renaming::TooOften) => {
            let most = core.auth.username_changes;
            let reason = match most {
                0 => "usernames can't be changed here".to_owned(),
                _ => format!("a username can be changed {most} times in 30 days"),
            };
            Err(Error::Conflict(reason.into()))
        }
        None => Err(Error::Unauthenticated),
    }
}

/// The user's own devices, and those who see them in a chat: a hint, without what it is about, since
/// it looks different to each.
pub(crate) async fn tell(core: &Core, user: UserId, change: UserChange) -> Result<()> {
    let mut events = vec![Event::Own { user, change }];
    // Counted like typing, which everybody in a chat hears of, too.
    let budget = limits::check(&core.limits, limits::Tier::Typing, &user.to_string(), 1).await?;
    if budget.allowed {
        let mut chats = chats::ids_of(core, user).await?;
        chats.truncate(MOST_TOLD);
        events.push(Event::UserChanged { user, chats: open(core, user, chats).await? });
    }
    Ok(core.bus.publish(events).await?)
}

/// Without the direct chats with those who block the user, or whom the user blocks.
async fn open(core: &Core, user: UserId, chats: Vec<ChatId>) -> Result<Vec<ChatId>> {
    let peer = |view: &ChatView| view.peer.as_ref().map(|peer| peer.id);
    let mut open = Vec::with_capacity(chats.len());
    for some in chats.chunks(MAX_PAGE as usize) {
        let views = core.store.chat_views(user, some).await?;
        let peers: Vec<UserId> = views.iter().filter_map(peer).collect();
        let bonds = bonds::of(core, user, &peers).await?;
        let barred = peers.into_iter().zip(bonds).filter(|(_, bond)| bond.is_barred());
        let barred: HashSet<UserId> = barred.map(|(peer, _)| peer).collect();
        let is_open = |view: &ChatView| peer(view).is_none_or(|peer| !barred.contains(&peer));
        open.extend(views.into_iter().filter(is_open).map(|view| view.chat.id));
    }
    Ok(open)
}
