//! `nexus admin users`

use nexus_core::{
    bans, deletion, directory,
    ports::{AccountFilter, UserRecord},
    search,
    staff::{self, Order},
};
use nexus_protocol::Timestamp;
use serde_json::json;

use super::{Ended, print, refused, table};
use crate::cli::{BanUser, Users};

pub async fn run(order: &Order<'_>, command: Users) -> anyhow::Result<Ended> {
    let (store, now) = (order.store, order.at);
    match command {
        Users::List { query, role, banned, limit, output } => {
            let query = query.map(|query| search::fold(query.trim()));
            let filter = AccountFilter { query, role, banned_only: banned };
            let found = store.accounts(&filter, None, limit).await?;
            match output.json {
                true => {
                    let users: Vec<_> = found.iter().map(|user| as_json(user, now)).collect();
                    print(&serde_json::to_string_pretty(&json!({ "users": users }))?)?;
                }
                false if found.is_empty() => print("no accounts")?,
                false => print(&listed(&found, now))?,
            }
            Ok(Ended::Well)
        }
        Users::Show { name } => match directory::named(order, &name).await {
            Ok(account) => {
                print(&serde_json::to_string_pretty(&account)?)?;
                Ok(Ended::Well)
            }
            Err(err) => refused(err, &name),
        },
        Users::Role { name, role } => match staff::appoint(store, &name, role, now).await {
            Ok(()) => {
                print(&format!("{name} is {} now", role.as_str()))?;
                Ok(Ended::Well)
            }
            Err(err) => refused(err, &name),
        },
        Users::Ban(BanUser { name, reason, until }) => {
            let req = nexus_protocol::BanUser { reason, until };
            match bans::ban_by_operator(order, &name, req).await {
                Ok(()) => {
                    print(&format!("{name} is banned now"))?;
                    Ok(Ended::Well)
                }
                Err(err) => refused(err, &name),
            }
        }
        Users::Unban { name } => match bans::lift_by_operator(order, &name).await {
            Ok(()) => {
                print(&format!("{name} is banned no more"))?;
                Ok(Ended::Well)
            }
            Err(err) => refused(err, &name),
        },
        Users::Delete { name, messages } => match deletion::order(order, &name, messages).await {
            Ok(()) => {
                print(&format!("{name} is deleted as soon as a server works"))?;
                Ok(Ended::Well)
            }
            Err(err) => refused(err, &name),
        },
    }
}

fn listed(users: &[UserRecord], now: Timestamp) -> String {
    let titles = ["USER", "E-MAIL", "ROLE", "SINCE", "LAST SEEN", "BANNED UNTIL", "ID"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(users.iter().map(|user| {
        let ban = user.ban.as_ref().filter(|ban| ban.holds(now));
        let until = ban.map(|ban| ban.until.map_or("for good".to_owned(), |at| at.to_string()));
        vec![
            user.username.clone(),
            user.email.clone(),
            user.role.as_str().to_owned(),
            user.created_at.to_string(),
            user.last_seen_at.map_or("-".to_owned(), |at| at.to_string()),
            until.unwrap_or("-".to_owned()),
            user.id.to_string(),
        ]
    }));
    table(&rows)
}

fn as_json(user: &UserRecord, now: Timestamp) -> serde_json::Value {
    json!({
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "role": user.role,
        "createdAt": user.created_at,
        "lastSeenAt": user.last_seen_at,
        "ban": user.ban.as_ref().filter(|ban| ban.holds(now)),
    })
}
