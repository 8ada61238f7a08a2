//! What an account is signed in to with: changing it, and making sure that it is its owner who does.

use std::time::Duration;

use nexus_protocol::{
    AuditAction, AuditActor, AuditTarget, ChangeEmail, ChangePassword, EmailedToken,
    ForgotPassword, ResetPassword, Timestamp, UserId, event::RevokeReason,
};
use serde_json::json;

use crate::{
    Core, Error, Result, audit,
    auth::{self, Caller, Origin},
    email_tokens, fault,
    jobs::{self, Job, JobError, JobKey},
    letters, limits,
    mail::{self, Letter, Recipient, Token},
    passwords::{NO_PASSWORD, PasswordMark},
    ports::{EmailSet, EmailTokenKind, Event, UserRecord},
    sessions, step_up, suppressions,
    throttle::{self, Guesser},
    validate::{self, Findings},
};

/// The old address hears of a move when it should be over…
const MOVE_TAKES: Duration = Duration::from_secs(1);
/// …and of none that is not by then.
const MOVE_MAY_TAKE: Duration = Duration::from_secs(10 * 60);
/// A thief was in the account for so long, perhaps, before it was moved. The letter says so.
const SUSPECT: Duration = Duration::from_secs(30 * 24 * 3_600);

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
    drop_pending(core, caller.user).await?;
    let mark = PasswordMark::of(&hash);
    sessions::make_sure_they_end(core, caller.user, Some(caller.session), Some(mark)).await?;
    core.store.set_password(caller.user, &hash).await?;
    fault("password.stored");
    auth::end_other_sessions(core, caller, RevokeReason::PasswordChanged).await?;
    // And what another device has asked for until it was signed out.
    drop_pending(core, caller.user).await?;
    letters::tell(core, caller.user, Letter::PasswordChanged).await
}

/// Whoever knew the password may have asked for a letter, which would open the account still.
async fn drop_pending(core: &Core, user: UserId) -> Result<()> {
    let kinds = [EmailTokenKind::Change, EmailTokenKind::ResetPassword];
    Ok(core.store.drop_email_tokens(user, &kinds, Timestamp(0)).await?)
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
    let letter = |token| Letter::ResetPassword { token };
    match email_tokens::send(core, EmailTokenKind::ResetPassword, &user, address, letter).await {
        // They have had enough of these.
        Err(Error::RateLimited { .. }) => Ok(()),
        sent => sent,
    }
}

/// Who has read the letter is the owner, and reads that address. Until the new password is set nobody
/// gets in: should that fail, another letter does it.
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
    lock(core, user.id).await?;
    if !user.email_verified {
        // Somebody else may have opened it, and waited for the owner of the address.
        drop_ways_in(core, user.id, Timestamp(0)).await?;
    }
    core.store.set_password(user.id, &hash).await?;
    let now = core.clock.now();
    let verified = core.store.verify_email(user.id, &token.address, now).await?;
    if let Some(change) = verified.flatten() {
        core.bus.publish(vec![Event::Own { user: user.id, change }]).await?;
    }
    for identifier in [&user.username, &user.email] {
        throttle::forget(core, &Guesser::at_login(identifier, &origin.address)).await;
    }
    letters::tell(core, user.id, Letter::PasswordChanged).await
}

/// Nobody stays signed in, nor gets in by the password, or a letter that was asked for before.
async fn lock(core: &Core, user: UserId) -> Result<()> {
    sessions::make_sure_they_end(core, user, None, None).await?;
    core.store.set_password(user, NO_PASSWORD).await?;
    auth::end_all_sessions(core, user, RevokeReason::PasswordChanged).await?;
    drop_pending(core, user).await
}

/// What was added since then to sign in with may not be the owner's.
async fn drop_ways_in(core: &Core, user: UserId, since: Timestamp) -> Result<()> {
    core.store.drop_passkeys(user, since).await?;
    core.store.drop_links(user, since).await?;
    let generator = core.store.totp(user).await?;
    if generator.is_some_and(|totp| totp.enabled_at.is_none_or(|at| at >= since)) {
        note(core, user, AuditAction::TotpChanged, "taken back").await?;
        core.store.disable_totp(user).await?;
    }
    Ok(())
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
    let letter = |token| Letter::ConfirmNewEmail { token };
    email_tokens::send(core, EmailTokenKind::Change, &user, &address, letter).await
}

/// The account moves to the address the letter went to. The old one gets a way back. The token is
/// used up last: whatever fails, all of it can be repeated.
pub async fn confirm_email(core: &Core, req: EmailedToken) -> Result<()> {
    let kind = EmailTokenKind::Change;
    let token = email_tokens::look(core, kind, &req.token).await?;
    let before = core.store.user(token.user_id).await?.ok_or_else(email_tokens::no_good)?;
    note(core, before.id, AuditAction::EmailChanged, "changed").await?;
    if before.email_verified && before.email != token.address {
        tell_old_address(core, &before, &token.address).await?;
    }
    move_to(core, before.id, &token.address).await?;
    fault("email.moved");
    // What was sent to the old address opens nothing any more, but the way back.
    let stale = [EmailTokenKind::Verify, EmailTokenKind::ResetPassword, kind];
    Ok(core.store.drop_email_tokens(before.id, &stale, Timestamp(0)).await?)
}

/// Before the account moves: nobody is to take it along and leave its owner without a word.
async fn tell_old_address(core: &Core, before: &UserRecord, new: &str) -> Result<()> {
    let at = core.clock.now();
    let (user, old, new) = (before.id, before.email.clone(), new.to_owned());
    let revert = email_tokens::make(core, EmailTokenKind::Revert, user, &old).await?;
    let job = Job::TellOldAddress { user, old, new, revert, at };
    jobs::push(core, &job, JobKey::unique(core), at.plus(MOVE_TAKES)).await?;
    Ok(())
}

/// Carries a [`Job::TellOldAddress`] out.
pub(crate) async fn tell_of_move(
    core: &Core,
    user: UserId,
    old: &str,
    new: String,
    revert: Token,
    at: Timestamp,
) -> Result<(), JobError> {
    let record = core.store.user(user).await?.filter(|record| !record.is_gone());
    let Some(record) = record else { return Ok(()) };
    let live = email_tokens::look(core, EmailTokenKind::Revert, revert.reveal()).await;
    if matches!(live, Err(Error::Gone(_))) {
        // It was had back already, or another letter has the way.
        return Ok(());
    }
    live?;
    if record.email == old {
        return match core.clock.now().since(at) < MOVE_MAY_TAKE {
            true => Err(JobError::Retry { after: None, why: "it has not moved (yet)".into() }),
            false => Ok(()),
        };
    }
    let key = JobKey::of(format!("moved:{user}:{}", at.0));
    let letter = Letter::EmailChanged { new, revert: Some(revert) };
    mail::send_once(core, key, Recipient::of(&record).at(old), letter).await?;
    Ok(())
}

/// It was not the owner who moved the account: whoever it was knows the password, so that is no good
/// any more, nor is any session, nor what was added to sign in with; the owner sets a new password by
/// letter. The token is used up last: whatever fails, all of it can be repeated.
pub async fn revert_email(core: &Core, req: EmailedToken) -> Result<()> {
    let kind = EmailTokenKind::Revert;
    let token = email_tokens::look(core, kind, &req.token).await?;
    let (user, address) = (token.user_id, token.address.as_str());
    note(core, user, AuditAction::EmailChanged, "taken back").await?;
    move_to(core, user, address).await?;
    lock(core, user).await?;
    drop_ways_in(core, user, token.created_at.minus(SUSPECT)).await?;
    send_reset(core, address).await?;
    // Ways back to where it was before this are their owner's: a thief has only later ones.
    core.store.drop_email_tokens(user, &[kind], token.created_at).await?;
    Ok(())
}

async fn move_to(core: &Core, user: UserId, address: &str) -> Result<()> {
    match core.store.set_email(user, address, core.clock.now()).await? {
        EmailSet::Done(changes) => {
            suppressions::lift(core, address).await?;
            let events = changes.into_iter().map(|(user, change)| Event::Own { user, change });
            Ok(core.bus.publish(events.collect()).await?)
        }
        EmailSet::Taken => Err(Error::taken("email", "is taken")),
        EmailSet::Unknown => Err(email_tokens::no_good()),
    }
}
