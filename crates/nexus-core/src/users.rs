//! People: oneself, others, finding them.

use nexus_protocol::{MAX_PAGE, Me, UpdateMe, User, UserId};
use uuid::Uuid;

use crate::{
    Core, Error, Result, names,
    ports::{ProfileUpdate, UserRecord},
    privacy::Sight,
    search, suppressions,
    validate::Findings,
};

pub async fn me(core: &Core, user: UserId) -> Result<Me> {
    let record = core.store.user(user).await?.ok_or(Error::Unauthenticated)?;
    show_me(core, record).await
}

pub async fn get(core: &Core, viewer: UserId, id: UserId) -> Result<User> {
    let record = core.store.user(id).await?.ok_or(Error::NotFound("user"))?;
    Ok(Sight::of(core, viewer, [id]).await?.show(record))
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
    if let Some(username) = req.username {
        let renamed = names::change(core, user, &username).await?;
        if update.display_name.is_none() && update.about.is_none() {
            return show_me(core, renamed).await;
        }
    }
    let updated = core.store.update_profile(user, &update, core.clock.now()).await?;
    let (record, change) = updated.ok_or(Error::Unauthenticated)?;
    names::tell(core, user, change).await?;
    show_me(core, record).await
}

/// One page of people whose user name or display name begins like `query`, and where to go on; before
/// them, who had exactly this name until lately. Who blocks the viewer is left out, so a page may be
/// short of some.
pub async fn find(
    core: &Core,
    viewer: UserId,
    query: &str,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Vec<User>, Option<String>)> {
    if query.contains('@') {
        return Ok((by_email(core, viewer, query).await?, None));
    }
    let query = search::fold(query.trim());
    if query.is_empty() {
        return Err(Error::invalid("query", "is empty"));
    }
    let limit = limit.clamp(1, MAX_PAGE);
    let mut found = core.store.search_users(&query, cursor, limit + 1).await?;
    let next = crate::cursor::cut(&mut found, limit, |user| user.username.clone());
    if cursor.is_none()
        && let Some(former) = core.store.user_formerly(&query, core.clock.now()).await?
        && former.deletion.is_none()
        && found.iter().all(|user| user.id != former.id)
    {
        found.insert(0, former);
    }
    let sight = Sight::of(core, viewer, found.iter().map(|user| user.id)).await?;
    let now = core.clock.now();
    let found = found.into_iter().filter(|user| !user.is_away(now) && sight.finds(user.id));
    Ok((found.map(|user| sight.show(user)).collect(), next))
}

/// The owner of the whole address, if they have proven it and want to be found by it. As many steps
/// for an address that nobody has, so that the time it takes tells nothing.
async fn by_email(core: &Core, viewer: UserId, address: &str) -> Result<Vec<User>> {
    let known = core.store.credentials(&address.trim().to_lowercase()).await?;
    let id = known.map_or(UserId(Uuid::nil()), |known| known.user_id);
    let settings = core.store.settings(id).await?;
    let record = core.store.user(id).await?;
    let sight = Sight::of(core, viewer, [id]).await?;
    let found = record.filter(|record| {
        record.email_verified
            && settings.privacy.find_by_email
            && sight.finds(id)
            && !record.is_away(core.clock.now())
    });
    Ok(found.into_iter().map(|record| sight.show(record)).collect())
}

pub async fn show_me(core: &Core, record: UserRecord) -> Result<Me> {
    let email_suppressed = suppressions::of_user(core, &record).await?;
    Ok(Me {
        id: record.id,
        username: record.username,
        display_name: record.display_name,
        about: record.about,
        avatar: None,
        email: record.email,
        email_verified: record.email_verified,
        email_suppressed,
        role: record.role,
        created_at: record.created_at,
    })
}
