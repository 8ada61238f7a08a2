//! What an account is signed in to with: changing it, and making sure that it is its owner who does.

use nexus_protocol::{ChangePassword, event::RevokeReason};

use crate::{
    Core, Error, Result,
    auth::{self, Caller},
    throttle::{self, Guesser},
    validate::{self, Findings},
};

/// A new password is long enough, and hard to guess for who knows these words of its owner.
pub(crate) async fn check_password(
    core: &Core,
    findings: &mut Findings,
    password: &str,
    owner: &[&str],
) -> Result<()> {
    if validate::password(findings, "password", password)
        && !core.passwords.resists_guessing(password, owner).await?
    {
        findings.note("password", "is too easy to guess", None);
    }
    Ok(())
}

pub async fn change_password(core: &Core, caller: Caller, req: ChangePassword) -> Result<()> {
    let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
    let mut findings = Findings::default();
    let owner = [user.email.as_str(), &user.username, &user.display_name];
    check_password(core, &mut findings, &req.password, &owner).await?;
    findings.done()?;
    if !knows_password(core, caller, &req.current).await? {
        return Err(Error::invalid("current", "is not your password"));
    }
    let hash = core.passwords.hash(&req.password).await?;
    core.store.set_password(caller.user, &hash).await?;
    auth::end_other_sessions(core, caller, RevokeReason::PasswordChanged).await
}

/// Whoever has got hold of a device can't guess from there for ever.
pub(crate) async fn knows_password(core: &Core, caller: Caller, password: &str) -> Result<bool> {
    if password.len() > validate::MAX_PASSWORD_BYTES {
        return Ok(false);
    }
    let account = format!("confirm {}", caller.user);
    let guesser = Guesser::new(&account, &caller.session.to_string()).trusted(true);
    let right = throttle::guard(core, &guesser, async {
        let hash = core.store.password_hash(caller.user).await?;
        Ok(core.passwords.verify(password, hash.as_deref()).await?.then_some(()))
    });
    Ok(right.await?.is_some())
}
