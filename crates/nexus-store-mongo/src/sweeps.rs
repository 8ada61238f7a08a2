//! What a sweep goes through, and how far it has come.

use async_trait::async_trait;
use bson::{Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use nexus_core::ports::{PortResult, Stretch, SweepRecord, SweepStore};
use nexus_protocol::{MessageId, SweepId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoStore,
    columns::{date, id, int, uuid},
};

/// In `sweeps`.
#[derive(Serialize, Deserialize)]
struct SweepDocument {
    #[serde(rename = "_id")]
    id: Uuid,
    sweep: HumanReadable<SweepRecord>,
}

#[async_trait]
impl SweepStore for MongoStore {
    async fn save_sweep(&self, sweep: &SweepRecord) -> PortResult<()> {
        let saved = SweepDocument { id: id(sweep.id.0), sweep: HumanReadable(sweep.clone()) };
        self.run("note how far a sweep is", move |database| async move {
            let sweeps = database.collection::<SweepDocument>("sweeps");
            sweeps.replace_one(doc! { "_id": saved.id }, &saved).upsert(true).await?;
            Ok(())
        })
        .await
    }

    async fn sweep(&self, sweep: SweepId) -> PortResult<Option<SweepRecord>> {
        self.run("read a sweep", move |database| async move {
            let sweeps = database.collection::<SweepDocument>("sweeps");
            let found = sweeps.find_one(doc! { "_id": id(sweep.0) }).await?;
            Ok(found.map(|found| found.sweep.0))
        })
        .await
    }

    async fn sweeps(&self, before: Option<SweepId>, limit: u32) -> PortResult<Vec<SweepRecord>> {
        let wanted =
            before.map_or_else(Document::new, |before| doc! { "_id": { "$lt": id(before.0) } });
        self.run("list sweeps", move |database| async move {
            let sweeps = database.collection::<SweepDocument>("sweeps");
            let found = sweeps.find(wanted).sort(doc! { "_id": -1 }).limit(i64::from(limit));
            Ok(found.await?.map_ok(|found| found.sweep.0).try_collect().await?)
        })
        .await
    }

    async fn texts_of(&self, stretch: &Stretch) -> PortResult<Vec<MessageId>> {
        #[derive(Serialize, Deserialize)]
        struct Found {
            #[serde(rename = "_id")]
            id: Uuid,
        }
        let wanted = texts(stretch);
        self.run("look for messages of a user", move |database| async move {
            let messages = database.collection::<Found>("messages");
            let found = messages.find(wanted).sort(doc! { "seq": 1 });
            let found = found.projection(doc! { "_id": 1 }).await?;
            Ok(found.map_ok(|found| MessageId(uuid(found.id))).try_collect().await?)
        })
        .await
    }
}

fn texts(stretch: &Stretch) -> Document {
    let mut wanted = doc! {
        "chat": id(stretch.chat.0),
        "seq": { "$gt": int(stretch.after), "$lte": int(stretch.up_to) },
        "sender": id(stretch.sender.0),
        "type": "text",
        "state.deletedAt": null,
    };
    let mut at = Document::new();
    if let Some(from) = stretch.from {
        at.insert("$gte", date(from));
    }
    if let Some(to) = stretch.to {
        at.insert("$lt", date(to));
    }
    if !at.is_empty() {
        wanted.insert("createdAt", at);
    }
    wanted
}
