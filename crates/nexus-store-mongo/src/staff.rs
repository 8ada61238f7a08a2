//! Accounts as staff see and change them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use bson::{Bson, Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use nexus_core::ports::{AccountFilter, PortResult, StaffStore, UserRecord};
use nexus_protocol::{Ban, OwnChange, Stats, Timestamp, UserChange, UserId, UserRole};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{self, date, id, uuid},
    run::Result,
    user_changes,
    users::{UserDocument, begins_with, named, users},
};

/// How long commits go by the bans as they were read.
const BANS_KEPT: Duration = Duration::from_secs(1);

/// Until when whom is kept out; `None` for good.
pub type Bans = Arc<HashMap<UserId, Option<Timestamp>>>;

#[async_trait]
impl StaffStore for MongoStore {
    async fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<&str>,
        limit: u32,
    ) -> PortResult<Vec<UserRecord>> {
        let mut wanted = doc! { "username": { "$gt": after.unwrap_or_default() } };
        if let Some(query) = &filter.query {
            let mut either = named(query);
            either.push(doc! { "email": begins_with(query) });
            wanted.insert("$or", either);
        }
        if let Some(role) = filter.role {
            wanted.insert("role", role_filter(role));
        }
        if filter.banned_only {
            wanted.insert("ban", doc! { "$exists": true });
        }
        self.run("list accounts", move |database| async move {
            let users = users(&database);
            let found = users.find(wanted).sort(doc! { "username": 1 }).limit(i64::from(limit));
            Ok(found.await?.map_ok(UserDocument::record).try_collect().await?)
        })
        .await
    }

    async fn set_role(
        &self,
        user: UserId,
        role: UserRole,
        at: Timestamp,
    ) -> PortResult<Option<(UserRecord, UserChange)>> {
        self.run("change a user's role", move |database| async move {
            let change = OwnChange::Role { role };
            let Some(change) = user_changes::note(&database, user, change, at).await? else {
                return Ok(None);
            };
            let found = users(&database).find_one(doc! { "_id": id(user.0) }).await?;
            Ok(found.map(|user| (user.record(), change)))
        })
        .await
    }

    async fn set_ban(&self, user: UserId, ban: Option<&Ban>) -> PortResult<bool> {
        let ban = ban.cloned();
        self.run("ban a user, or no more", move |database| async move {
            let change = match ban {
                Some(ban) => {
                    doc! { "$set": { "ban": bson::serialize_to_bson(&HumanReadable(ban))? } }
                }
                None => doc! { "$unset": { "ban": "" } },
            };
            let met = users(&database).update_one(doc! { "_id": id(user.0) }, change).await?;
            database.memory.forget_bans();
            Ok(met.matched_count > 0)
        })
        .await
    }

    async fn stats(&self, now: Timestamp) -> PortResult<Stats> {
        self.run("count what there is", move |database| async move {
            let count = async |collection: &str, wanted: Document| {
                let collection = database.collection::<Document>(collection);
                collection.count_documents(wanted).await
            };
            let signed_in = doc! { "revokedAt": null, "expiresAt": { "$gt": date(now) } };
            Ok(Stats {
                users: count("users", doc! {}).await?,
                staff: count("users", doc! { "role": { "$in": ["moderator", "admin"] } }).await?,
                banned: count("users", doc! { "ban.at": { "$gt": "" } }).await?,
                chats: count("chats", doc! { "deleted": null }).await?,
                messages: sent(&database).await?,
                sessions: count("sessions", signed_in).await?,
                open_reports: count("reports", doc! { "openSubject": { "$gt": "" } }).await?,
            })
        })
        .await
    }
}

/// All messages that the chats have had.
async fn sent(database: &MongoDatabase) -> Result<u64> {
    let sum = [
        doc! { "$match": { "deleted": null } },
        doc! { "$group": { "_id": null, "sent": { "$sum": "$lastSeq" } } },
    ];
    let chats = database.collection::<Document>("chats");
    let found: Vec<Document> = chats.aggregate(sum).await?.try_collect().await?;
    Ok(found.first().and_then(|sum| sum.get_i64("sent").ok()).map_or(0, columns::count))
}

/// A plain user may have no such field.
fn role_filter(role: UserRole) -> Document {
    match role {
        UserRole::User => doc! { "$in": [Bson::Null, role.as_str()] },
        _ => doc! { "$eq": role.as_str() },
    }
}

/// Who is banned, as it was within the last second.
pub async fn bans(database: &MongoDatabase) -> Result<Bans> {
    #[derive(Serialize, Deserialize)]
    struct Banned {
        #[serde(rename = "_id")]
        user: Uuid,
        ban: HumanReadable<Ban>,
    }
    let now = database.clock.now();
    if let Some(bans) = database.memory.bans_since(now.minus(BANS_KEPT), now) {
        return Ok(bans);
    }
    let banned = database.collection::<Banned>("users");
    // By the index: a time is a text here, and above the empty one.
    let found = banned.find(doc! { "ban.at": { "$gt": "" } }).projection(doc! { "ban": 1 }).await?;
    let bans = found.map_ok(|banned| (UserId(uuid(banned.user)), banned.ban.0.until));
    let bans: Bans = Arc::new(bans.try_collect().await?);
    database.memory.put_bans(now, bans.clone());
    Ok(bans)
}
