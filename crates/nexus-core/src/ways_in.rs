//! How somebody can sign in: nobody takes their last way away by mistake.

use nexus_protocol::UserId;

use crate::{Core, Error, Result, passwords::NO_PASSWORD};

/// Before one of them goes. A letter for a forgotten password is none of these: mail may fail.
pub(crate) async fn require_another(core: &Core, user: UserId) -> Result<()> {
    let hash = core.store.password_hash(user).await?;
    let password = usize::from(hash.is_some_and(|hash| hash != NO_PASSWORD));
    let passkeys = core.store.passkeys(user).await?.len();
    let links = core.store.links(user).await?.len();
    match password + passkeys + links {
        0 | 1 => {
            Err(Error::Conflict("you could not sign in any more: set a password first".into()))
        }
        _ => Ok(()),
    }
}
