//! Who is typing where: told, never stored, and over by itself.

use std::{collections::HashMap, time::Duration};

use nexus_protocol::{
    ChatId, MAX_TYPING_MEMBERS, Timestamp, UserId,
    event::{TypingKind, TypingUpdate},
};
use parking_lot::Mutex;

use crate::{Core, Result, bonds, limits, members, ports::Event};

/// Typing that is not renewed ends after this.
pub const EXPIRES_AFTER: Duration = Duration::from_secs(6);

/// What this node's users are typing.
#[derive(Default)]
pub struct Typing(Mutex<HashMap<(ChatId, UserId), (Timestamp, TypingKind)>>);

pub async fn start(core: &Core, user: UserId, chat: ChatId, kind: TypingKind) -> Result<()> {
    let to = others(core, user, chat).await?;
    limits::require(&core.limits, limits::Tier::Typing, &user.to_string(), 1).await?;
    let until = core.clock.now().plus(EXPIRES_AFTER);
    core.typing.0.lock().insert((chat, user), (until, kind));
    tell(core, TypingUpdate { chat_id: chat, user_id: user, kind, typing: true }, to).await
}

pub async fn stop(core: &Core, user: UserId, chat: ChatId) -> Result<()> {
    let to = others(core, user, chat).await?;
    let Some((_, kind)) = core.typing.0.lock().remove(&(chat, user)) else { return Ok(()) };
    tell(core, TypingUpdate { chat_id: chat, user_id: user, kind, typing: false }, to).await
}

/// Ends what ran out. Run it several times within [`EXPIRES_AFTER`].
pub async fn expire(core: &Core) -> Result<()> {
    let now = core.clock.now();
    end(core, |_, until| until <= now).await
}

/// A user's last connection went.
pub async fn stop_all(core: &Core, user: UserId) -> Result<()> {
    end(core, |typist, _| typist == user).await
}

async fn end(core: &Core, over: impl Fn(UserId, Timestamp) -> bool) -> Result<()> {
    let ended: Vec<_> = {
        let mut typing = core.typing.0.lock();
        typing.extract_if(|(_, user), (until, _)| over(*user, *until)).collect()
    };
    for ((chat, user), (_, kind)) in ended {
        // Who left the chat meanwhile has nobody to tell.
        if let Ok(to) = others(core, user, chat).await {
            let update = TypingUpdate { chat_id: chat, user_id: user, kind, typing: false };
            tell(core, update, to).await?;
        }
    }
    Ok(())
}

/// The other members; nobody in a large group, or where one blocks the other.
async fn others(core: &Core, user: UserId, chat: ChatId) -> Result<Vec<UserId>> {
    let members = members::require_member(core, chat, user).await?;
    if members.roles.len() > MAX_TYPING_MEMBERS || bonds::is_barred(core, user, &members).await? {
        return Ok(Vec::new());
    }
    Ok(members.roles.keys().filter(|member| **member != user).copied().collect())
}

async fn tell(core: &Core, update: TypingUpdate, to: Vec<UserId>) -> Result<()> {
    if to.is_empty() {
        return Ok(());
    }
    Ok(core.bus.publish(vec![Event::Typing { update, to }]).await?)
}
