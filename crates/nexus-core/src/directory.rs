//! All accounts, as staff see them.

use nexus_protocol::{Account, Accounts, MAX_PAGE, Timestamp, UserId};

use crate::{
    Core, Error, Result,
    ports::{AccountFilter, Store, UserRecord},
    search,
    staff::{self, Order, Power, Staff},
};

/// One page, by user name.
pub async fn list(
    core: &Core,
    staff: &Staff,
    filter: AccountFilter,
    after: Option<&str>,
    limit: u32,
) -> Result<Accounts> {
    staff.require(core, Power::SeeAccounts).await?;
    let query = filter.query.map(|query| search::fold(query.trim()));
    let filter = AccountFilter { query: query.filter(|query| !query.is_empty()), ..filter };
    let limit = limit.clamp(1, MAX_PAGE);
    let mut found = core.store.accounts(&filter, after, limit + 1).await?;
    let next_cursor = crate::cursor::cut(&mut found, limit, |user| user.username.clone());
    let mut users = Vec::with_capacity(found.len());
    for record in found {
        users.push(show(&*core.store, core.clock.now(), record).await?);
    }
    Ok(Accounts { users, next_cursor })
}

pub async fn get(core: &Core, staff: &Staff, id: UserId) -> Result<Account> {
    staff.require(core, Power::SeeAccounts).await?;
    show(&*core.store, core.clock.now(), core.store.user(id).await?.ok_or(Error::NotFound("user"))?)
        .await
}

/// By `nexus admin`: by user name or e-mail address.
pub async fn named(order: &Order<'_>, name: &str) -> Result<Account> {
    let id = staff::named(order.store, name).await?;
    let record = order.store.user(id).await?.ok_or(Error::NotFound("user"))?;
    show(order.store, order.at, record).await
}

async fn show(store: &dyn Store, now: Timestamp, record: UserRecord) -> Result<Account> {
    let sessions = store.sessions_of(record.id, now).await?.len();
    Ok(Account {
        id: record.id,
        username: record.username,
        display_name: record.display_name,
        about: record.about,
        email: record.email,
        email_verified: record.email_verified,
        role: record.role,
        created_at: record.created_at,
        last_seen_at: record.last_seen_at,
        sessions: u32::try_from(sessions).unwrap_or(u32::MAX),
        ban: record.ban.filter(|ban| ban.holds(now)),
    })
}
