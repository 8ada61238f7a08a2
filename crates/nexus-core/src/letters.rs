//! What an account's owner is told by letter.

use nexus_protocol::UserId;

use crate::{
    Core, Result,
    jobs::JobKey,
    mail::{self, Letter, Recipient},
};

/// To an address that nobody has verified goes nothing but what verifies it: it may be a stranger's.
pub(crate) async fn tell(core: &Core, user: UserId, letter: Letter) -> Result<()> {
    match core.store.user(user).await? {
        Some(user) if user.email_verified => mail::send(core, Recipient::of(&user), letter).await,
        _ => Ok(()),
    }
}

/// The same, but once for a key.
pub(crate) async fn tell_once(
    core: &Core,
    key: JobKey,
    user: UserId,
    letter: Letter,
) -> Result<()> {
    match core.store.user(user).await? {
        Some(user) if user.email_verified => {
            mail::send_once(core, key, Recipient::of(&user), letter).await.map(|_| ())
        }
        _ => Ok(()),
    }
}
