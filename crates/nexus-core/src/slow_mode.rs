//! A pause between two messages of one member, so that a large group can be read.
//!
//! [`crate::ops::decide`] has the last word, by what is stored. So that it need not speak, each message
//! takes the member's turn before it is queued, in one atomic step for all nodes.

use std::time::Duration;

use nexus_protocol::{ChatId, Role, UserId};

use crate::{Core, Error, Result, limits, members::MemberSet, ports::Quota};

/// The turn comes back this much later than the rule wants: between taking it and what the message
/// says of its time lies a moment, which may be longer the first time.
const MARGIN: Duration = Duration::from_millis(500);

/// How long this member waits between messages.
pub fn pause_of(chat: &MemberSet, sender: UserId) -> Option<Duration> {
    let is_free = chat.roles.get(&sender).is_some_and(|role| *role >= Role::Admin);
    (chat.slow_mode_secs > 0 && !is_free)
        .then(|| Duration::from_secs(u64::from(chat.slow_mode_secs)))
}

/// Takes the member's turn, or says when it comes.
pub async fn reserve(core: &Core, id: ChatId, sender: UserId, chat: &MemberSet) -> Result<()> {
    let Some(pause) = pause_of(chat, sender) else { return Ok(()) };
    let quota = Quota { name: "slow_mode", burst: 1, refill: 1, per: pause + MARGIN };
    // A pause that is changed begins anew.
    let key = format!("{id}:{sender}:{}", pause.as_secs());
    let verdict = limits::count(&core.limits, &quota, &key).await?;
    if verdict.allowed {
        Ok(())
    } else {
        Err(Error::RateLimited { retry_after: verdict.retry_after })
    }
}
