//! What staff have to say to everybody. Who has put it away is in the user's log.

use async_trait::async_trait;
use bson::{Bson, DateTime, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use mongodb::{Collection, options::ReturnDocument};
use nexus_core::ports::{AnnouncementStore, PortResult};
use nexus_protocol::{
    AnnouncementId, AnnouncementLevel, AnnouncementRecord, OwnChange, Timestamp, UserChange, UserId,
};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, ids, time, uuid},
    user_changes,
};

/// In `announcements`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnnouncementDocument {
    #[serde(rename = "_id")]
    id: Uuid,
    content: String,
    level: HumanReadable<AnnouncementLevel>,
    by: Option<Uuid>,
    /// Null: for everybody.
    to: Option<Uuid>,
    created_at: DateTime,
    until: Option<DateTime>,
    withdrawn_at: Option<DateTime>,
}

impl AnnouncementDocument {
    fn new(one: &AnnouncementRecord) -> AnnouncementDocument {
        AnnouncementDocument {
            id: id(one.id.0),
            content: one.content.clone(),
            level: HumanReadable(one.level),
            by: one.by.map(|user| id(user.0)),
            to: one.to.map(|user| id(user.0)),
            created_at: date(one.created_at),
            until: one.until.map(date),
            withdrawn_at: one.withdrawn_at.map(date),
        }
    }

    fn record(self) -> AnnouncementRecord {
        AnnouncementRecord {
            id: AnnouncementId(uuid(self.id)),
            content: self.content,
            level: self.level.0,
            by: self.by.map(|user| UserId(uuid(user))),
            to: self.to.map(|user| UserId(uuid(user))),
            created_at: time(self.created_at),
            until: self.until.map(time),
            withdrawn_at: self.withdrawn_at.map(time),
        }
    }
}

fn announcements(database: &MongoDatabase) -> Collection<AnnouncementDocument> {
    database.collection("announcements")
}

#[async_trait]
impl AnnouncementStore for MongoStore {
    async fn add_announcement(&self, announcement: &AnnouncementRecord) -> PortResult<()> {
        let new = AnnouncementDocument::new(announcement);
        self.run("keep an announcement", move |database| async move {
            announcements(&database).insert_one(new).await?;
            Ok(())
        })
        .await
    }

    async fn announcement(&self, one: AnnouncementId) -> PortResult<Option<AnnouncementRecord>> {
        self.run("read an announcement", move |database| async move {
            let found = announcements(&database).find_one(doc! { "_id": id(one.0) }).await?;
            Ok(found.map(AnnouncementDocument::record))
        })
        .await
    }

    async fn announcements_for(
        &self,
        user: UserId,
        now: Timestamp,
        limit: u32,
    ) -> PortResult<Vec<AnnouncementRecord>> {
        let wanted = doc! {
            "to": { "$in": [Bson::Null, Bson::from(id(user.0))] },
            "withdrawnAt": null,
            "$or": [{ "until": null }, { "until": { "$gt": date(now) } }],
        };
        self.run("read announcements", move |database| async move {
            let announcements = announcements(&database);
            let found = announcements.find(wanted).sort(doc! { "_id": -1 });
            let found = found.limit(i64::from(limit)).await?;
            Ok(found.map_ok(AnnouncementDocument::record).try_collect().await?)
        })
        .await
    }

    async fn announcements(
        &self,
        before: Option<AnnouncementId>,
        limit: u32,
    ) -> PortResult<Vec<AnnouncementRecord>> {
        let wanted = before.map(|before| doc! { "_id": { "$lt": id(before.0) } });
        self.run("list announcements", move |database| async move {
            let announcements = announcements(&database);
            let found = announcements.find(wanted.unwrap_or_default());
            let found = found.sort(doc! { "_id": -1 }).limit(i64::from(limit)).await?;
            Ok(found.map_ok(AnnouncementDocument::record).try_collect().await?)
        })
        .await
    }

    async fn withdraw_announcement(
        &self,
        one: AnnouncementId,
        at: Timestamp,
    ) -> PortResult<Option<AnnouncementRecord>> {
        self.run("withdraw an announcement", move |database| async move {
            let known = doc! { "_id": id(one.0), "withdrawnAt": null };
            let withdraw = doc! { "$set": { "withdrawnAt": date(at) } };
            let withdrawn = announcements(&database)
                .find_one_and_update(known, withdraw)
                .return_document(ReturnDocument::After)
                .await?;
            Ok(withdrawn.map(AnnouncementDocument::record))
        })
        .await
    }

    async fn dismiss(
        &self,
        user: UserId,
        announcement_id: AnnouncementId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.run("dismiss an announcement", move |database| async move {
            let change = OwnChange::Dismiss { announcement_id };
            user_changes::note(&database, user, change, at).await
        })
        .await
    }

    async fn dismissed(
        &self,
        user: UserId,
        among: &[AnnouncementId],
    ) -> PortResult<Vec<AnnouncementId>> {
        let noted = doc! {
            "user": id(user.0),
            "told.subject": { "$in": ids(among.iter().map(|one| one.0)) },
            "told.kind": "dismiss",
        };
        self.run("read what was dismissed", move |database| async move {
            user_changes::subjects(&database, noted)
                .await
                .map(|found| found.into_iter().map(|one| AnnouncementId(uuid(one))).collect())
        })
        .await
    }
}
