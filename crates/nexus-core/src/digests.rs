//! Letters about what was missed: how much, and in which chats. Never what was said.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{
    Chat, Digest, MAX_PAGE, Settings, Timestamp, UpdateNotifications, UpdateSettings, UserId,
    event::PresenceStatus,
};
use uuid::Uuid;

use crate::{
    Core, Error, Result, chats, email_tokens,
    jobs::JobKey,
    mail::{self, DigestChat, Letter, Recipient, Token},
    ports::{Away, UserRecord},
    settings, suppressions,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Read at a time.
const PEOPLE: u32 = 200;
/// Those of a letter that are named.
const NAMED: usize = 10;
/// What an unsubscribe token is sealed for.
const SEAL: &str = "unsubscribe";

fn period(wish: Digest) -> Option<Duration> {
    match wish {
        Digest::Off => None,
        Digest::Daily => Some(DAY),
        Digest::Weekly => Some(7 * DAY),
    }
}

/// Tells all who were away long enough, and have missed something that they were not told of.
pub(crate) async fn tell_all(core: &Core) -> Result<()> {
    let mut after = None;
    loop {
        let since = core.clock.now().minus(DAY);
        let page = core.store.users_away(since, after, PEOPLE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.user.id);
        let ids: Vec<UserId> = page.iter().map(|away| away.user.id).collect();
        let chosen = core.store.settings_of(&ids).await?;
        let there = core.presence.get(&ids).await?;
        for (away, there) in page.into_iter().zip(there) {
            let own = chosen.iter().find(|(user, _)| *user == away.user.id);
            let settings = own.map(|(_, settings)| settings.clone()).unwrap_or_default();
            // Who leaves a device on is not away, however long ago they came.
            if there == PresenceStatus::Offline && is_due(core, &away, &settings) {
                tell(core, away).await?;
            }
        }
    }
}

fn is_due(core: &Core, away: &Away, settings: &Settings) -> bool {
    let now = core.clock.now();
    let Some(period) = period(settings.notifications.email_digest) else { return false };
    let seen = away.user.last_seen_at.unwrap_or(away.user.created_at);
    let long_ago = |at: Timestamp| at <= now.minus(period);
    long_ago(seen) && away.told_at.is_none_or(long_ago) && is_there(&away.user, now)
}

/// Neither banned nor on the way out.
fn is_there(user: &UserRecord, now: Timestamp) -> bool {
    !user.is_banned(now) && user.deletion.is_none()
}

/// The letter is pushed before it is noted, under a key by the one before: whoever repeats this,
/// after a crash or at the same time on another node, pushes the same one.
async fn tell(core: &Core, away: Away) -> Result<()> {
    let Away { user, told_at } = away;
    let missed = missed(core, user.id, told_at.unwrap_or(Timestamp(0))).await?;
    if missed.is_empty() {
        return Ok(());
    }
    let unread = missed.iter().map(|chat| chat.unread).sum();
    let more = missed.len().saturating_sub(NAMED) as u64;
    let chats = missed.into_iter().take(NAMED).collect();
    let letter = Letter::Digest { unread, chats, more, unsubscribe: token(core, user.id)? };
    if suppressions::reason_against(core, &user.email, &letter).await?.is_none() {
        let last = told_at.map_or(0, |at| at.0);
        let key = JobKey::of(format!("digest:{}:{last}", user.id));
        mail::send_once(core, key, Recipient::of(&user), letter).await?;
    }
    Ok(core.store.note_told(user.id, core.clock.now()).await?)
}

/// Chats with something unread that is newer than what they were told of.
async fn missed(core: &Core, user: UserId, since: Timestamp) -> Result<Vec<DigestChat>> {
    let (mut missed, mut next) = (Vec::new(), None::<String>);
    loop {
        let (page, after) = chats::list(core, user, next.as_deref(), MAX_PAGE).await?;
        let told = page.iter().filter(|chat| is_told(core, chat, user, since));
        missed.extend(told.map(|chat| DigestChat {
            name: chat.peer.as_ref().map_or(&chat.title, |peer| &peer.display_name).clone(),
            unread: chat.me.unread,
        }));
        // The last active come first.
        let is_old = page.last().is_some_and(|chat| newest(chat) <= since);
        match after {
            Some(after) if !is_old => next = Some(after),
            _ => return Ok(missed),
        }
    }
}

fn newest(chat: &Chat) -> Timestamp {
    chat.last_message.as_ref().map_or(chat.created_at, |message| message.created_at)
}

/// Not of what is to be quiet, or to leave no trace.
fn is_told(core: &Core, chat: &Chat, user: UserId, since: Timestamp) -> bool {
    let muted = chat.me.muted_until.is_some_and(|until| until > core.clock.now());
    let blocked = chat.peer.as_ref().is_some_and(|peer| peer.is_blocked);
    let own = chat.last_message.as_ref().is_some_and(|message| message.sender_id == user);
    let quiet = muted || blocked || chat.me.archived || chat.disappear_after_secs.is_some();
    chat.me.unread > 0 && newest(chat) > since && !own && !quiet
}

/// Whether a digest that was written is still to be sent: much may have happened since.
pub(crate) async fn is_wanted(core: &Core, to: &Recipient) -> Result<bool> {
    let Some(id) = to.user else { return Ok(false) };
    let Some(user) = core.store.user(id).await? else { return Ok(false) };
    let settings = core.store.settings(id).await?;
    Ok(settings.notifications.email_digest != Digest::Off
        && user.email_verified
        && user.email == to.address
        && is_there(&user, core.clock.now()))
}

/// Good for ever, and for nothing but being left alone.
fn token(core: &Core, user: UserId) -> Result<Token> {
    let sealed = core.vault.seal(&*core.ids, SEAL, user.0.as_bytes())?;
    Ok(Token::from(URL_SAFE_NO_PAD.encode(sealed)))
}

/// No more digests for whose token this is; again and again, if need be.
pub async fn unsubscribe(core: &Core, token: &str) -> Result<()> {
    let sealed = URL_SAFE_NO_PAD.decode(token).map_err(|_| email_tokens::no_good())?;
    let opened = core.vault.open(SEAL, &sealed).map_err(|_| email_tokens::no_good())?;
    let user = Uuid::from_slice(&opened).map_err(|_| email_tokens::no_good())?;
    let off = UpdateNotifications { email_digest: Some(Digest::Off), ..Default::default() };
    let patch = UpdateSettings { notifications: Some(off), ..UpdateSettings::default() };
    match settings::update(core, UserId(user), patch).await {
        // There is no such account any more: nothing will be sent.
        Ok(_) | Err(Error::Unauthenticated) => Ok(()),
        Err(err) => Err(err),
    }
}
