//! Signing up, in and out; access tokens and the refresh tokens behind them.

use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{
    AuditAction, LoginRequest, SessionId, SignupRequest, Timestamp, UpdateSettings, UserId,
    UserRole, event::RevokeReason,
};
use uuid::Uuid;

use crate::{
    Core, Error, Result, accounts, bans, deletion,
    email_tokens::send_verification,
    letters, limits,
    mail::Letter,
    names,
    ports::{NewUser, Place, Rotate, Rotation, SessionRecord, TokenHash, UserCreation, UserRecord},
    second_factors, sessions,
    throttle::{self, Guesser},
    tokens::TokenError,
    validate::{self, Findings},
};

/// How tokens are made; from the configuration.
#[derive(Clone, Debug)]
pub struct AuthSettings {
    pub access_ttl: Duration,
    pub refresh_ttl: Duration,
    /// A session ends after this, however often it is used.
    pub session_ttl: Duration,
    /// A refresh token presented again within this time yields the same successor.
    pub refresh_grace: Duration,
    /// Whether an unverified account starts and joins no chats, and asks for no contacts.
    pub require_verified_email: bool,
    /// So often in 30 days.
    pub username_changes: u32,
    /// An account that is to be deleted can be had back for so long.
    pub deletion_grace: Duration,
}

/// Where a sign-in comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    pub address: String,
    /// What the session list shows when the request names no device.
    pub user_agent: String,
    /// The language it asks for.
    pub locale: Option<String>,
}

/// Who is asking: taken from a verified access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
}

/// What a sign-in gives out.
#[derive(Debug)]
pub struct Grant {
    pub user: UserRecord,
    pub session: SessionId,
    pub access_token: String,
    pub expires_in: Duration,
    pub refresh_token: String,
    pub refresh_expires_in: Duration,
    /// The account was to be deleted, and is not any more.
    pub deletion_cancelled: bool,
}

pub async fn signup(core: &Core, req: SignupRequest, origin: &Origin) -> Result<Grant> {
    let mut findings = Findings::default();
    let email = validate::email(&mut findings, &req.email);
    let username = validate::username(&mut findings, &req.username);
    let display_name = req.display_name.as_deref().map_or(username.as_str(), str::trim);
    let owner = [email.as_str(), &username, display_name];
    accounts::check_password(core, &mut findings, &req.password, &owner).await?;
    findings.name("displayName", display_name, 64);
    findings.done()?;
    limits::require(&core.limits, limits::Tier::Signup, &origin.address, 1).await?;
    // Who has asked for too many that were taken hears nothing of any.
    limits::require_some(&core.limits, limits::Tier::SignupTaken, &origin.address).await?;

    let password_hash = core.passwords.hash(&req.password).await?;
    let user = UserRecord {
        id: UserId(core.ids.uuid()),
        email,
        email_verified: false,
        display_name: display_name.to_owned(),
        username,
        about: String::new(),
        created_at: core.clock.now(),
        last_seen_at: None,
        role: UserRole::User,
        ban: None,
        deletion: None,
    };
    match core.store.create_user(&NewUser { user: user.clone(), password_hash }).await? {
        UserCreation::Created => {
            begin_settings(core, user.id, origin).await?;
            greet(core, &user).await?;
            sign_in(core, user, req.device, origin).await
        }
        UserCreation::EmailTaken => taken(core, "email", origin).await,
        UserCreation::UsernameTaken => taken(core, "username", origin).await,
    }
}

/// The one answer that tells whether there is an account: so few are given to one address.
pub(crate) async fn taken(core: &Core, field: &str, origin: &Origin) -> Result<Grant> {
    limits::require(&core.limits, limits::Tier::SignupTaken, &origin.address, 1).await?;
    Err(Error::taken(field, "is taken"))
}

/// Nobody is kept out because a letter can't be sent.
pub(crate) async fn greet(core: &Core, user: &UserRecord) -> Result<()> {
    match send_verification(core, user).await {
        Err(Error::RateLimited { .. }) => Ok(()),
        sent => sent,
    }
}

/// Letters come in the language of the client.
pub(crate) async fn begin_settings(core: &Core, user: UserId, origin: &Origin) -> Result<()> {
    if let Some(locale) = origin.locale.clone() {
        let patch = UpdateSettings { locale: Some(locale), ..UpdateSettings::default() };
        core.store.update_settings(user, &patch, core.clock.now()).await?;
    }
    Ok(())
}

pub async fn login(core: &Core, req: LoginRequest, origin: &Origin) -> Result<Grant> {
    let identifier = req.identifier.trim().to_lowercase();
    if identifier.is_empty() || identifier.len() > 254 {
        return Err(Error::invalid("identifier", "is not an e-mail address or a username"));
    }
    if req.password.len() > validate::MAX_PASSWORD_BYTES {
        return Err(Error::WrongCredentials);
    }
    let known = names::credentials(core, &identifier).await?;
    // Of nobody, too: the answer must take as long.
    let user_id = known.as_ref().map_or(UserId(Uuid::nil()), |known| known.user_id);
    let been_here = core.store.knows_address(user_id, &origin.address).await?;
    let guesser = Guesser::at_login(&identifier, &origin.address).trusted(been_here);

    let right = throttle::guard(core, &guesser, async {
        let hash = known.as_ref().map(|known| known.password_hash.as_str());
        Ok(core.passwords.verify(&req.password, hash).await?.then_some(()))
    });
    right.await?.ok_or(Error::WrongCredentials)?;
    second_factors::pass(core, user_id, req.totp.as_deref(), origin).await?;
    let user = core.store.user(user_id).await?.ok_or(Error::WrongCredentials)?;
    bans::refuse_banned(core, &user)?;
    let grant = sign_in(core, user, req.device, origin).await?;
    // A change of password in the meantime has ended all sessions but this one.
    if core.store.password_hash(user_id).await?.as_ref() == known.as_ref().map(|k| &k.password_hash)
    {
        return Ok(grant);
    }
    core.store.revoke_session(user_id, grant.session, core.clock.now()).await?;
    Err(Error::WrongCredentials)
}

/// Starts a session.
pub(crate) async fn sign_in(
    core: &Core,
    user: UserRecord,
    device: Option<String>,
    origin: &Origin,
) -> Result<Grant> {
    let now = core.clock.now();
    let device = device.filter(|name| !name.trim().is_empty());
    let device = device.unwrap_or_else(|| origin.user_agent.clone());
    let device: String = device.chars().filter(|c| !c.is_control()).take(120).collect();
    let place = Place { address: &origin.address, device: &device };
    let familiar = core.store.note_place(user.id, place, now).await?;
    if !familiar.address || !familiar.device {
        tell_of_login(core, &user, place).await?;
    }
    let mut salt = [0; 32];
    core.ids.fill(&mut salt);
    let session = SessionRecord {
        id: SessionId(core.ids.uuid()),
        user_id: user.id,
        device,
        address: origin.address.clone(),
        salt,
        created_at: now,
        last_used_at: now,
        expires_at: expiry(core, now, now),
        revoked_at: None,
    };
    let mut secret = [0; 32];
    core.ids.fill(&mut secret);
    core.store.create_session(&session, &hash(&secret)).await?;
    // Whoever bans ends the sessions that are there by then; this one may have come too late for that.
    let user = core.store.user(user.id).await?.ok_or(Error::Unauthenticated)?;
    if let Err(banned) = bans::refuse_banned(core, &user) {
        core.store.revoke_session(user.id, session.id, core.clock.now()).await?;
        return Err(banned);
    }
    let deletion_cancelled = match deletion::take_back(core, &user).await {
        Ok(taken_back) => taken_back,
        Err(too_late) => {
            core.store.revoke_session(user.id, session.id, core.clock.now()).await?;
            return Err(too_late);
        }
    };
    let grant = grant(core, user, &session, &secret, now)?;
    Ok(Grant { deletion_cancelled, ..grant })
}

async fn tell_of_login(core: &Core, user: &UserRecord, place: Place<'_>) -> Result<()> {
    if !core.store.settings(user.id).await?.notifications.new_login {
        return Ok(());
    }
    let (device, address) = (place.device.to_owned(), place.address.to_owned());
    let letter = Letter::NewLogin { device, address, at: core.clock.now() };
    letters::tell(core, user.id, letter).await
}

/// Turns a refresh token into its successor and a new access token.
pub async fn refresh(core: &Core, token: &str, origin: &Origin) -> Result<Grant> {
    let secret = read_refresh_token(token)?;
    let presented = hash(&secret);
    let Some(session) = core.store.session_of_token(&presented).await? else {
        return Err(Error::Unauthenticated);
    };
    limits::require(&core.limits, limits::Tier::Refresh, &session.id.to_string(), 1).await?;
    let next = successor(&secret, &session);
    let now = core.clock.now();
    let rotation = core
        .store
        .rotate(Rotate {
            presented: &presented,
            successor: &hash(&next),
            at: now,
            grace: core.auth.refresh_grace,
            expires_at: expiry(core, session.created_at, now),
            address: &origin.address,
        })
        .await?;
    match rotation {
        Rotation::Rotated(session) | Rotation::Replayed(session) => {
            let user = core.store.user(session.user_id).await?.ok_or(Error::Unauthenticated)?;
            // Whoever banned or deletes it may not have come to ending the session.
            bans::refuse_banned(core, &user)?;
            if user.deletion.is_some() {
                return Err(Error::Unauthenticated);
            }
            grant(core, user, &session, &next, now)
        }
        Rotation::Reused(session) => {
            tracing::warn!(user = %session.user_id, session = %session.id, "refresh token reused");
            sessions::announce_end(core, session.id, RevokeReason::Theft).await?;
            accounts::note(core, session.user_id, AuditAction::SessionStolen, "refresh").await?;
            let (device, address) = (session.device, origin.address.clone());
            let letter = Letter::SessionTheft { device, address, at: now };
            letters::tell(core, session.user_id, letter).await?;
            Err(Error::Unauthenticated)
        }
        Rotation::Unknown => Err(Error::Unauthenticated),
    }
}

pub async fn logout(core: &Core, caller: Caller) -> Result<()> {
    core.store.revoke_session(caller.user, caller.session, core.clock.now()).await?;
    sessions::announce_end(core, caller.session, RevokeReason::Logout).await
}

/// For a client whose access token has run out: the refresh token names the session as well.
pub async fn logout_with_refresh_token(core: &Core, token: &str) -> Result<()> {
    let presented = hash(&read_refresh_token(token)?);
    let Some(session) = core.store.session_of_token(&presented).await? else {
        return Err(Error::Unauthenticated);
    };
    core.store.revoke_session(session.user_id, session.id, core.clock.now()).await?;
    sessions::announce_end(core, session.id, RevokeReason::Logout).await
}

pub async fn logout_all(core: &Core, caller: Caller) -> Result<()> {
    accounts::note(core, caller.user, AuditAction::SessionsEnded, "everywhere").await?;
    end_all_sessions(core, caller.user, RevokeReason::Revoked).await
}

/// No token of the user is good any more, and no socket open.
pub async fn end_all_sessions(core: &Core, user: UserId, reason: RevokeReason) -> Result<()> {
    let ended = core.store.revoke_sessions(user, None, core.clock.now()).await?;
    sessions::announce_ends(core, ended, reason).await
}

/// Likewise, but the caller stays.
pub async fn end_other_sessions(core: &Core, caller: Caller, reason: RevokeReason) -> Result<()> {
    let ended =
        core.store.revoke_sessions(caller.user, Some(caller.session), core.clock.now()).await?;
    sessions::announce_ends(core, ended, reason).await
}

/// Who presents this access token.
pub fn authenticate(core: &Core, token: &str) -> Result<Caller> {
    let claims = core.tokens.verify(token, core.clock.now()).map_err(|err| match err {
        TokenError::Expired => Error::TokenExpired,
        TokenError::Invalid => Error::Unauthenticated,
    })?;
    if core.revoked.contains(claims.sid) {
        return Err(Error::Unauthenticated);
    }
    Ok(Caller { user: claims.sub, session: claims.sid, expires_at: claims.expires_at() })
}

/// When a session that is used now ends unless it is used again.
fn expiry(core: &Core, created_at: Timestamp, now: Timestamp) -> Timestamp {
    now.plus(core.auth.refresh_ttl).min(created_at.plus(core.auth.session_ttl))
}

fn grant(
    core: &Core,
    user: UserRecord,
    session: &SessionRecord,
    secret: &[u8; 32],
    now: Timestamp,
) -> Result<Grant> {
    let jti = core.ids.uuid();
    let left = session.expires_at.since(now);
    let ttl = core.auth.access_ttl.min(left);
    let access_token = core.tokens.issue(user.id, session.id, jti, now, ttl)?;
    let refresh_token = URL_SAFE_NO_PAD.encode(secret);
    Ok(Grant {
        user,
        session: session.id,
        access_token,
        expires_in: ttl,
        refresh_token,
        refresh_expires_in: left,
        deletion_cancelled: false,
    })
}

fn read_refresh_token(token: &str) -> Result<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::Unauthenticated)?;
    bytes.try_into().map_err(|_| Error::Unauthenticated)
}

fn hash(secret: &[u8; 32]) -> TokenHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, secret).as_ref());
    hash
}

/// The next token of the family: the same each time it is asked for, so that a lost answer can be
/// repeated, though only hashes are stored. Takes both the token and the session's salt.
fn successor(secret: &[u8; 32], session: &SessionRecord) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut next = [0; 32];
    next.copy_from_slice(hmac::sign(&key, &session.salt).as_ref());
    next
}
