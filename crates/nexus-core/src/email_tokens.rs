//! Tokens in letters: who has one has read the letter. 256 bits, good once and for a while; only
//! their hashes are stored.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{EmailedToken, UserId};

use crate::{
    Core, Error, Result,
    auth::Caller,
    limits,
    mail::{self, Letter, Recipient, Token},
    ports::{EmailToken, EmailTokenKind, Event, TokenHash, UserRecord},
    suppressions,
};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// Between two letters that verify the same account.
const RESEND_AFTER: Duration = Duration::from_secs(60);

fn lasts(kind: EmailTokenKind) -> Duration {
    match kind {
        EmailTokenKind::Verify => 48 * HOUR,
        EmailTokenKind::Change => 24 * HOUR,
        EmailTokenKind::Revert => 7 * 24 * HOUR,
        EmailTokenKind::ResetPassword => HOUR,
    }
}

/// A new one, for a letter to this address.
pub(crate) async fn make(
    core: &Core,
    kind: EmailTokenKind,
    user: UserId,
    address: &str,
) -> Result<Token> {
    let mut secret = [0; 32];
    core.ids.fill(&mut secret);
    let text = URL_SAFE_NO_PAD.encode(secret);
    let now = core.clock.now();
    let token = EmailToken {
        hash: hash(&text),
        kind,
        user_id: user,
        address: address.to_owned(),
        created_at: now,
        expires_at: now.plus(lasts(kind)),
    };
    core.store.put_email_token(&token).await?;
    Ok(Token::from(text))
}

/// A new one, in a letter to its address. Where that has had too many, nothing is made: the last letter
/// stays good.
pub(crate) async fn send(
    core: &Core,
    kind: EmailTokenKind,
    user: &UserRecord,
    address: &str,
    letter: impl FnOnce(Token) -> Letter,
) -> Result<()> {
    let whose = format!("{}:{address}", kind.as_str());
    limits::require(&core.limits, limits::Tier::Mail, &whose, 1).await?;
    let token = make(core, kind, user.id, address).await?;
    mail::send(core, Recipient::of(user).at(address), letter(token)).await
}

/// What a token is about, without using it up.
pub(crate) async fn look(core: &Core, kind: EmailTokenKind, token: &str) -> Result<EmailToken> {
    let found = core.store.email_token(kind, &hash(token), core.clock.now()).await?;
    found.ok_or_else(no_good)
}

pub(crate) async fn take(core: &Core, kind: EmailTokenKind, token: &str) -> Result<EmailToken> {
    let taken = core.store.take_email_token(kind, &hash(token), core.clock.now()).await?;
    taken.ok_or_else(no_good)
}

/// Used, expired, replaced or invented: nobody is told which.
pub(crate) fn no_good() -> Error {
    Error::Gone("this link is no longer good".into())
}

fn hash(token: &str) -> TokenHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

/// Asks a new account's owner to show that the address is theirs.
pub(crate) async fn send_verification(core: &Core, user: &UserRecord) -> Result<()> {
    let letter = |token| Letter::VerifyEmail { token };
    send(core, EmailTokenKind::Verify, user, &user.email, letter).await
}

pub async fn resend_verification(core: &Core, caller: Caller) -> Result<()> {
    let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
    if user.email_verified {
        return Err(Error::Conflict("the address is verified already".into()));
    }
    let last = core.store.email_token_made_at(user.id, EmailTokenKind::Verify).await?;
    if let Some(last) = last {
        let retry_after = RESEND_AFTER.saturating_sub(core.clock.now().since(last));
        if !retry_after.is_zero() {
            return Err(Error::RateLimited { retry_after });
        }
    }
    send_verification(core, &user).await
}

pub async fn verify(core: &Core, req: EmailedToken) -> Result<()> {
    let token = take(core, EmailTokenKind::Verify, &req.token).await?;
    let now = core.clock.now();
    let verified = core.store.verify_email(token.user_id, &token.address, now).await?;
    let change = verified.ok_or_else(no_good)?;
    suppressions::lift(core, &token.address).await?;
    if let Some(change) = change {
        core.bus.publish(vec![Event::Own { user: token.user_id, change }]).await?;
    }
    Ok(())
}

/// Where the configuration asks for it, only who has shown to read an address comes up to others.
pub(crate) async fn require_verified(core: &Core, user: UserId) -> Result<()> {
    if !core.auth.require_verified_email {
        return Ok(());
    }
    let user = core.store.user(user).await?.ok_or(Error::Unauthenticated)?;
    match user.email_verified {
        true => Ok(()),
        false => Err(Error::Unverified),
    }
}

/// Frees the store of what no longer matters. Run it now and then.
pub async fn prune(core: &Core) -> Result<()> {
    Ok(core.store.prune_email_tokens(core.clock.now()).await?)
}
