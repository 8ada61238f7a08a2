//! Signing up, in and out; access tokens and the refresh tokens behind them.

use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{
    LoginRequest, SessionId, SignupRequest, Timestamp, UpdateSettings, UserId, UserRole,
    event::RevokeReason,
};

use crate::{
    Core, Error, Result, bans, limits,
    ports::{NewUser, Rotate, Rotation, SessionRecord, TokenHash, UserCreation, UserRecord},
    sessions,
    tokens::TokenError,
    validate::{self, Findings},
};

/// How tokens are made; from the configuration.
#[derive(Clone, Debug)]
pub struct AuthSettings {
    pub access_ttl: Duration,
    pub refresh_ttl: Duration,
    /// A refresh token presented again within this time yields the same successor.
    pub refresh_grace: Duration,
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
    pub access_token: String,
    pub expires_in: Duration,
    pub refresh_token: String,
    pub refresh_expires_in: Duration,
}

pub async fn signup(core: &Core, req: SignupRequest, origin: &Origin) -> Result<Grant> {
    let mut findings = Findings::default();
    let email = validate::email(&mut findings, &req.email);
    let username = validate::username(&mut findings, &req.username);
    validate::password(&mut findings, "password", &req.password);
    let display_name = req.display_name.as_deref().map_or(username.as_str(), str::trim);
    findings.name("displayName", display_name, 64);
    findings.done()?;
    limits::require(&core.limits, limits::Tier::Signup, &origin.address, 1).await?;

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
    };
    match core.store.create_user(&NewUser { user: user.clone(), password_hash }).await? {
        UserCreation::Created => {
            begin_settings(core, user.id, origin).await?;
            sign_in(core, user, req.device, origin).await
        }
        UserCreation::EmailTaken => {
            Err(Error::Conflict("an account with this e-mail address is there already".into()))
        }
        UserCreation::UsernameTaken => Err(Error::Conflict("this username is taken".into())),
    }
}

/// Letters come in the language of the client.
async fn begin_settings(core: &Core, user: UserId, origin: &Origin) -> Result<()> {
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
    let known = core.store.credentials(&identifier).await?;
    // By account, so that name and address share one budget; unknown names have one each as well.
    let account = known.as_ref().map_or(identifier, |known| known.user_id.to_string());
    let from_here = format!("{account}@{}", origin.address);
    limits::require(&core.limits, limits::Tier::Login, &from_here, 1).await?;
    limits::require(&core.limits, limits::Tier::LoginAccount, &account, 1).await?;

    let hash = known.as_ref().map(|known| known.password_hash.as_str());
    let matches = core.passwords.verify(&req.password, hash).await?;
    let user = match known {
        Some(known) if matches => core.store.user(known.user_id).await?,
        _ => None,
    };
    let user = user.ok_or(Error::WrongCredentials)?;
    bans::refuse_banned(core, &user)?;
    sign_in(core, user, req.device, origin).await
}

/// Starts a session.
async fn sign_in(
    core: &Core,
    user: UserRecord,
    device: Option<String>,
    origin: &Origin,
) -> Result<Grant> {
    let now = core.clock.now();
    let device = device.filter(|name| !name.trim().is_empty());
    let device = device.unwrap_or_else(|| origin.user_agent.clone());
    let mut salt = [0; 32];
    core.ids.fill(&mut salt);
    let session = SessionRecord {
        id: SessionId(core.ids.uuid()),
        user_id: user.id,
        device: device.chars().filter(|c| !c.is_control()).take(120).collect(),
        address: origin.address.clone(),
        salt,
        created_at: now,
        last_used_at: now,
        expires_at: now.plus(core.auth.refresh_ttl),
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
    grant(core, user, &session, &secret)
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
            expires_at: now.plus(core.auth.refresh_ttl),
            address: &origin.address,
        })
        .await?;
    match rotation {
        Rotation::Rotated(session) | Rotation::Replayed(session) => {
            let user = core.store.user(session.user_id).await?.ok_or(Error::Unauthenticated)?;
            grant(core, user, &session, &next)
        }
        Rotation::Reused(session) => {
            tracing::warn!(user = %session.user_id, session = %session.id, "refresh token reused");
            sessions::announce_end(core, session.id, RevokeReason::Theft).await?;
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
    end_all_sessions(core, caller.user, RevokeReason::Revoked).await
}

/// Their sockets close on every node, their tokens are refused at once.
pub async fn end_all_sessions(core: &Core, user: UserId, reason: RevokeReason) -> Result<()> {
    for session in core.store.revoke_sessions(user, core.clock.now()).await? {
        sessions::announce_end(core, session, reason).await?;
    }
    Ok(())
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

fn grant(
    core: &Core,
    user: UserRecord,
    session: &SessionRecord,
    secret: &[u8; 32],
) -> Result<Grant> {
    let ttl = core.auth.access_ttl;
    let (jti, now) = (core.ids.uuid(), core.clock.now());
    let access_token = core.tokens.issue(user.id, session.id, jti, now, ttl)?;
    let refresh_token = URL_SAFE_NO_PAD.encode(secret);
    Ok(Grant {
        user,
        access_token,
        expires_in: ttl,
        refresh_token,
        refresh_expires_in: core.auth.refresh_ttl,
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
