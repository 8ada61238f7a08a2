//! What an account is signed in to with: changing it, and making sure that it is its owner who does.

use nexus_protocol::{
    AuditAction, AuditActor, AuditTarget, ChangeEmail, ChangePassword, EmailedToken,
    ForgotPassword, ResetPassword, UserId, event::RevokeReason,
};

use serde_json::json;

use crate::{
    Core, Error, Result, audit,
    auth::{self, Caller, Origin},
    email_tokens,
    jobs::{self, Job, JobKey},
    letters, limits,
    mail::{self, Letter, Recipient},
    passwords::NO_PASSWORD,
    ports::{EmailSet, EmailTokenKind, Event, NewEmail, UserRecord},
    step_up, suppressions,
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
    require_good_password(core, &user, &req.password).await?;
    if !knows_password(core, caller, &req.current).await? {
        return Err(Error::invalid("current", "is not your password"));
    }
    let hash = core.passwords.hash(&req.password).await?;
    note(core, caller.user, AuditAction::PasswordChanged, "changed").await?;
    core.store.set_password(caller.user, &hash).await?;
    core.store.drop_email_tokens(caller.user, &[EmailTokenKind::ResetPassword]).await?;
    auth::end_other_sessions(core, caller, RevokeReason::PasswordChanged).await?;
    letters::tell(core, caller.user, Letter::PasswordChanged).await
}

async fn require_good_password(core: &Core, user: &UserRecord, password: &str) -> Result<()> {
    let mut findings = Findings::default();
    let owner = [user.email.as_str(), &user.username, &user.display_name];
    check_password(core, &mut findings, password, &owner).await?;
    findings.done()
}

/// Into the audit log, as done by the user to their own account.
pub(crate) async fn note(core: &Core, user: UserId, action: AuditAction, how: &str) -> Result<()> {
    let (actor, target) = (AuditActor::User { id: user }, Some(AuditTarget::user(user)));
    audit::note(core, actor, action, target, json!({ "how": how })).await
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

/// Has a letter sent to the owner of this address, if there is one. The answer comes before anybody
/// has looked.
pub async fn forgot_password(core: &Core, req: ForgotPassword, origin: &Origin) -> Result<()> {
    let mut findings = Findings::default();
    let address = validate::email(&mut findings, &req.email);
    findings.done()?;
    limits::require(&core.limits, limits::Tier::Forgot, &origin.address, 1).await?;
    let now = core.clock.now();
    jobs::push(core, &Job::ForgotPassword { address }, JobKey::unique(core), now).await?;
    Ok(())
}

/// Carries a [`Job::ForgotPassword`] out.
pub(crate) async fn send_reset(core: &Core, address: &str) -> Result<()> {
    let Some(known) = core.store.credentials(address).await? else { return Ok(()) };
    let Some(user) = core.store.user(known.user_id).await? else { return Ok(()) };
    if user.email != address {
        return Ok(());
    }
    let token = email_tokens::make(core, EmailTokenKind::ResetPassword, user.id, address).await?;
    match mail::send(core, Recipient::of(&user), Letter::ResetPassword { token }).await {
        // They have had enough of these.
        Err(Error::RateLimited { .. }) => Ok(()),
        sent => sent,
    }
}

/// Who has read the letter is the owner, and reads that address.
pub async fn reset_password(core: &Core, req: ResetPassword, origin: &Origin) -> Result<()> {
    let kind = EmailTokenKind::ResetPassword;
    let token = email_tokens::look(core, kind, &req.token).await?;
    let user = core.store.user(token.user_id).await?.ok_or_else(email_tokens::no_good)?;
    require_good_password(core, &user, &req.password).await?;
    let hash = core.passwords.hash(&req.password).await?;
    let token = email_tokens::take(core, kind, &req.token).await?;
    if user.email != token.address {
        return Err(email_tokens::no_good());
    }
    note(core, user.id, AuditAction::PasswordChanged, "reset").await?;
    core.store.set_password(user.id, &hash).await?;
    auth::end_all_sessions(core, user.id, RevokeReason::PasswordChanged).await?;
    let now = core.clock.now();
    let verified = core.store.verify_email(user.id, &token.address, now).await?;
    if let Some(change) = verified.flatten() {
        core.bus.publish(vec![Event::Own { user: user.id, change }]).await?;
    }
    let account = Guesser::new(&user.id.to_string(), &origin.address);
    throttle::forget(core, &account).await;
    letters::tell(core, user.id, Letter::PasswordChanged).await
}

/// Asks at the new address whether it is theirs. Whether somebody else has it is nobody's business.
pub async fn change_email(core: &Core, caller: Caller, req: ChangeEmail) -> Result<()> {
    let mut findings = Findings::default();
    let address = validate::email(&mut findings, &req.email);
    findings.done()?;
    step_up::require(core, caller, req.password.as_deref()).await?;
    let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
    if user.email == address {
        return Err(Error::invalid("email", "is your address already"));
    }
    let token = email_tokens::make(core, EmailTokenKind::Change, user.id, &address).await?;
    mail::send(core, Recipient::of(&user).at(&address), Letter::ConfirmNewEmail { token }).await
}

/// The account moves to the address the letter went to. The old one gets a way back.
pub async fn confirm_email(core: &Core, req: EmailedToken) -> Result<()> {
    let token = email_tokens::take(core, EmailTokenKind::Change, &req.token).await?;
    let before = core.store.user(token.user_id).await?.ok_or_else(email_tokens::no_good)?;
    note(core, before.id, AuditAction::EmailChanged, "changed").await?;
    move_to(core, before.id, &token.address).await?;
    // What was sent to the old address opens nothing any more, but the way back.
    let stale = [EmailTokenKind::Verify, EmailTokenKind::ResetPassword, EmailTokenKind::Change];
    core.store.drop_email_tokens(before.id, &stale).await?;
    if !before.email_verified {
        return Ok(());
    }
    let revert = email_tokens::make(core, EmailTokenKind::Revert, before.id, &before.email).await?;
    let letter = Letter::EmailChanged { new: token.address, revert: Some(revert) };
    mail::send(core, Recipient::of(&before), letter).await
}

/// It was not the owner who moved the account: whoever it was knows the password, so that is no good
/// any more, nor is any session; the owner sets a new one by letter.
pub async fn revert_email(core: &Core, req: EmailedToken) -> Result<()> {
    let kind = EmailTokenKind::Revert;
    let token = email_tokens::take(core, kind, &req.token).await?;
    let (user, address) = (token.user_id, token.address.as_str());
    note(core, user, AuditAction::EmailChanged, "taken back").await?;
    move_to(core, user, address).await?;
    core.store.set_password(user, NO_PASSWORD).await?;
    auth::end_all_sessions(core, user, RevokeReason::PasswordChanged).await?;
    core.store.drop_email_tokens(user, &EmailTokenKind::ALL).await?;
    let generator = core.store.totp(user).await?;
    if generator.is_some_and(|totp| totp.enabled_at.is_some_and(|at| at >= token.created_at)) {
        note(core, user, AuditAction::TotpChanged, "taken back").await?;
        core.store.disable_totp(user).await?;
    }
    core.store.drop_passkeys(user, token.created_at).await?;
    core.store.drop_links(user, token.created_at).await?;
    send_reset(core, address).await
}

async fn move_to(core: &Core, user: UserId, address: &str) -> Result<()> {
    let now = core.clock.now();
    let new = NewEmail { address, abandoned_before: now.minus(core.auth.unverified_address_ttl) };
    match core.store.set_email(user, &new, now).await? {
        EmailSet::Done(changes) => {
            suppressions::lift(core, address).await?;
            let events = changes.into_iter().map(|(user, change)| Event::Own { user, change });
            Ok(core.bus.publish(events.collect()).await?)
        }
        EmailSet::Taken => Err(Error::taken("email", "is taken")),
        EmailSet::Unknown => Err(email_tokens::no_good()),
    }
}
