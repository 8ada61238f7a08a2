//! People: oneself, others, finding them.

use nexus_protocol::{MAX_PAGE, Me, UpdateMe, User, UserId};

use crate::{
    Core, Error, Result,
    ports::{Event, ProfileUpdate, UserRecord},
    search,
    validate::Findings,
};

pub async fn me(core: &Core, user: UserId) -> Result<Me> {
    Ok(show_me(core.store.user(user).await?.ok_or(Error::Unauthenticated)?))
}

pub async fn get(core: &Core, id: UserId) -> Result<User> {
    let record = core.store.user(id).await?.ok_or(Error::NotFound("user"))?;
    let is_banned = record.is_banned(core.clock.now());
    let user = show(record);
    // Whoever was sent away looks as if they had been away for long.
    Ok(User { last_seen_at: user.last_seen_at.filter(|_| !is_banned), ..user })
}

pub async fn update_me(core: &Core, user: UserId, req: UpdateMe) -> Result<Me> {
    let trim = |text: Option<String>| text.map(|text| text.trim().to_owned());
    let update = ProfileUpdate { display_name: trim(req.display_name), about: trim(req.about) };
    let mut findings = Findings::default();
    if let Some(name) = &update.display_name {
        findings.name("displayName", name, 64);
    }
    if let Some(about) = &update.about {
        findings.text("about", about, 0, 500);
    }
    findings.done()?;
    let updated = core.store.update_profile(user, &update, core.clock.now()).await?;
    let (record, change) = updated.ok_or(Error::Unauthenticated)?;
    core.bus.publish(vec![Event::Own { user, change }]).await?;
    Ok(show_me(record))
}

/// One page of people whose user name or display name begins like `query`, and where to go on.
pub async fn find(
    core: &Core,
    query: &str,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Vec<User>, Option<String>)> {
    let query = search::fold(query.trim());
    if query.is_empty() {
        return Err(Error::invalid("query", "is empty"));
    }
    let limit = limit.clamp(1, MAX_PAGE);
    let mut found = core.store.search_users(&query, cursor, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|user| user.username.clone());
    let now = core.clock.now();
    let users = found.into_iter().filter(|user| !user.is_banned(now)).map(show).collect();
    Ok((users, next))
}

/// A user as others see them.
pub fn show(record: UserRecord) -> User {
    User {
        id: record.id,
        username: record.username,
        display_name: record.display_name,
        about: record.about,
        avatar: None,
        last_seen_at: record.last_seen_at,
        is_contact: false,
        is_blocked: false,
    }
}

pub fn show_me(record: UserRecord) -> Me {
    Me {
        id: record.id,
        username: record.username,
        display_name: record.display_name,
        about: record.about,
        avatar: None,
        email: record.email,
        email_verified: record.email_verified,
        role: record.role,
        created_at: record.created_at,
    }
}
