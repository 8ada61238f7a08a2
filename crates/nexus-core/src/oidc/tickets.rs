//! What somebody who has come back from their provider can do: sign in, or open an account.

use nexus_protocol::{OidcFound, OidcLogin, OidcNext, OidcSignup, OidcTicket, UserId, UserRole};

use super::{Somebody, hash, is_same, put, take};
use crate::{
    Core, Error, Result,
    auth::{self, Grant, Origin},
    bans, limits,
    passwords::NO_PASSWORD,
    ports::{CeremonyKind, Event, LinkRecord, NewUser, UserCreation, UserRecord},
    second_factors, step_up,
    validate::{self, Findings},
};

/// Who it is, and what they can do with it.
pub async fn look(core: &Core, req: OidcTicket, browser: Option<&str>) -> Result<OidcFound> {
    let somebody = read(core, &req.ticket, browser).await?;
    let provider = core.oidc.find(&somebody.provider)?.show();
    let next = if core.store.link(&somebody.issuer, &somebody.subject).await?.is_some() {
        OidcNext::Login
    } else if has_account(core, somebody.email.as_deref()).await? {
        OidcNext::Link
    } else {
        OidcNext::Signup
    };
    let Somebody { email, username, display_name, .. } = somebody;
    Ok(OidcFound { next, provider, email, username, display_name })
}

/// To the account that is linked. The provider stands for the password only: one-time codes are
/// asked for all the same.
pub async fn login(
    core: &Core,
    req: OidcLogin,
    browser: Option<&str>,
    origin: &Origin,
) -> Result<Grant> {
    let somebody = read(core, &req.ticket, browser).await?;
    let link = core.store.link(&somebody.issuer, &somebody.subject).await?;
    let link = link.ok_or(Error::Conflict("this sign-in has no account here yet".into()))?;
    second_factors::pass(core, link.user_id, req.totp.as_deref(), origin).await?;
    take_ticket(core, &req.ticket).await?;
    let user = core.store.user(link.user_id).await?.ok_or(Error::Unauthenticated)?;
    bans::refuse_banned(core, &user)?;
    let grant = auth::sign_in(core, user, req.device, origin).await?;
    // Whoever has unlinked it in the meantime wants nobody in.
    if core.store.link(&somebody.issuer, &somebody.subject).await?.as_ref() != Some(&link) {
        core.store.revoke_session(link.user_id, grant.session, core.clock.now()).await?;
        return Err(Error::Unauthenticated);
    }
    step_up::note(core, grant.session).await?;
    Ok(grant)
}

/// A new account, linked from the start. It has no password; a letter for a forgotten one sets it.
pub async fn signup(
    core: &Core,
    req: OidcSignup,
    browser: Option<&str>,
    origin: &Origin,
) -> Result<Grant> {
    let somebody = read(core, &req.ticket, browser).await?;
    let user = newcomer(core, &req, &somebody)?;
    limits::require(&core.limits, limits::Tier::Signup, &origin.address, 1).await?;
    limits::require_some(&core.limits, limits::Tier::SignupTaken, &origin.address).await?;
    let somebody = take_ticket(core, &req.ticket).await?;
    if core.store.link(&somebody.issuer, &somebody.subject).await?.is_some() {
        return Err(Error::Conflict("this sign-in has an account here".into()));
    }
    let new = NewUser { user: user.clone(), password_hash: NO_PASSWORD.to_owned() };
    let mut created = core.store.create_user(&new).await?;
    if created == UserCreation::EmailTaken && user.email_verified {
        make_room(core, &user.email).await?;
        created = core.store.create_user(&new).await?;
    }
    let taken = match created {
        UserCreation::Created => return begin(core, user, somebody, req.device, origin).await,
        UserCreation::EmailTaken => "email",
        UserCreation::UsernameTaken => "username",
    };
    // Another try, with another name.
    put(core, CeremonyKind::OidcTicket, &req.ticket, &somebody).await?;
    auth::taken(core, taken, origin).await
}

fn newcomer(core: &Core, req: &OidcSignup, somebody: &Somebody) -> Result<UserRecord> {
    let mut findings = Findings::default();
    let username = validate::username(&mut findings, &req.username);
    let email = match (&somebody.email, &req.email) {
        (Some(vouched_for), _) => vouched_for.clone(),
        (None, given) => validate::email(&mut findings, given.as_deref().unwrap_or_default()),
    };
    let display_name = req.display_name.as_deref().map_or(username.as_str(), str::trim).to_owned();
    findings.name("displayName", &display_name, 64);
    findings.done()?;
    Ok(UserRecord {
        id: UserId(core.ids.uuid()),
        email,
        email_verified: somebody.email.is_some(),
        username,
        display_name,
        about: String::new(),
        created_at: core.clock.now(),
        last_seen_at: None,
        role: UserRole::User,
        ban: None,
        deletion: None,
    })
}

async fn begin(
    core: &Core,
    user: UserRecord,
    somebody: Somebody,
    device: Option<String>,
    origin: &Origin,
) -> Result<Grant> {
    let link = LinkRecord {
        issuer: somebody.issuer,
        subject: somebody.subject,
        user_id: user.id,
        label: somebody.label,
        created_at: core.clock.now(),
    };
    // Of two tickets of one person, used at once, the account of one stays without a link: its
    // owner has the letters.
    if !core.store.add_link(&link).await? {
        return Err(Error::Conflict("this sign-in has an account here".into()));
    }
    auth::begin_settings(core, user.id, origin).await?;
    if !user.email_verified {
        auth::greet(core, &user).await?;
    }
    let grant = auth::sign_in(core, user, device, origin).await?;
    step_up::note(core, grant.session).await?;
    Ok(grant)
}

/// Of somebody who has shown to read the address. Who has not makes room for who is vouched for.
async fn has_account(core: &Core, email: Option<&str>) -> Result<bool> {
    let Some(email) = email else { return Ok(false) };
    let Some(known) = core.store.credentials(email).await? else { return Ok(false) };
    let user = core.store.user(known.user_id).await?;
    Ok(user.is_some_and(|user| user.email_verified))
}

async fn make_room(core: &Core, address: &str) -> Result<()> {
    if let Some((user, change)) = core.store.free_email(address, core.clock.now()).await? {
        core.bus.publish(vec![Event::Own { user, change }]).await?;
    }
    Ok(())
}

/// In the browser that it was made for.
pub(super) async fn read(core: &Core, ticket: &str, browser: Option<&str>) -> Result<Somebody> {
    let kind = CeremonyKind::OidcTicket;
    let found = core.store.ceremony(kind, &hash(ticket), core.clock.now()).await?;
    let somebody: Option<Somebody> =
        found.and_then(|found| serde_json::from_str(&found.detail).ok());
    somebody.filter(|somebody| is_same(browser, &somebody.browser)).ok_or_else(over)
}

pub(super) async fn take_ticket(core: &Core, ticket: &str) -> Result<Somebody> {
    take(core, CeremonyKind::OidcTicket, ticket).await?.ok_or_else(over)
}

fn over() -> Error {
    Error::Gone("this took too long, or was done already: begin again".into())
}
